import { architectureOf } from "../model/architectures/all.ts";
import type { Architecture } from "../model/architectures/architecture.ts";
import { windowFields } from "./attention-windows.ts";
import type { JsonObject } from "./json-fields.ts";
import type { ModelConfig } from "./model-config.ts";
import { ropeFields } from "./rope.ts";

/**
 * A configuration as a `config.json` that transformers reads and `parseModelConfig` reads back to an equal value.
 *
 * @param config - The configuration.
 * @returns The file's fields, sorted by name as transformers writes them.
 * @throws {RangeError} If the architecture is unknown.
 * @remarks The rotary embedding is written in both forms, so that transformers 4 and 5 read it alike.
 */
export function modelConfigFields(config: ModelConfig): JsonObject {
  const architecture = architectureOf(config);
  const { keys, normEpsilonKey, window } = architecture;
  const [eos, ...more] = config.eosTokenIds;
  const renamed: JsonObject = {
    hidden_act: config.hiddenAct,
    hidden_size: config.hiddenSize,
    intermediate_size: config.intermediateSize,
    max_position_embeddings: config.maxPositionEmbeddings,
    num_attention_heads: config.numAttentionHeads,
    num_hidden_layers: config.numHiddenLayers,
  };
  const fields: JsonObject = {
    ...Object.fromEntries(Object.entries(renamed).map(([name, value]) => [keys[name] ?? name, value])),
    architectures: [architecture.className],
    bos_token_id: config.bosTokenId ?? null,
    dtype: "float32",
    eos_token_id: more.length > 0 ? config.eosTokenIds : (eos ?? null),
    initializer_range: config.initializerRange,
    model_type: config.modelType,
    [normEpsilonKey]: config.normEpsilon,
    pad_token_id: config.padTokenId ?? null,
    ...propertyFields(architecture, config),
    ...rotaryFields(architecture, config),
    ...windowFields(window, config.windows),
    tie_word_embeddings: config.tieWordEmbeddings,
    torch_dtype: "float32",
    vocab_size: config.vocabSize,
  };
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The flags that say what one architecture leaves open. */
function propertyFields(architecture: Architecture, config: ModelConfig): JsonObject {
  const said = [
    [architecture.parallel, config.parallelBlocks],
    [architecture.projectionBias, config.projectionBias],
    [architecture.outputBias, config.outputBias],
    [architecture.feedBias, config.feedBias],
  ] as const;
  return Object.fromEntries(
    said.flatMap(([property, value]) => (typeof property === "boolean" ? [] : [[property.flag, value]])),
  );
}

/** What models with rotary positions say besides; the head size is theirs to choose. */
function rotaryFields({ defaults }: Architecture, config: ModelConfig): JsonObject {
  if (!config.rope) return {};
  const partial = "partial_rotary_factor" in defaults ? config.rotaryDim / config.headDim : undefined;
  return {
    attention_dropout: 0,
    head_dim: config.headDim,
    num_key_value_heads: config.numKeyValueHeads,
    ...(partial === undefined ? {} : { partial_rotary_factor: partial }),
    ...ropeFields(config.rope, partial),
  };
}
