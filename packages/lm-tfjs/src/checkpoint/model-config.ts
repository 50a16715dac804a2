import { describe } from "@colm/array";
import {
  flag,
  isJsonObject,
  type JsonObject,
  positiveInteger,
  positiveNumber,
  requireNeutral,
  wrongKind,
  wrongValue,
} from "./json-fields.ts";
import { parseRope, type RopeParameters, ropeFields } from "./rope.ts";

/** What a model is made of: the fields of `config.json` that decide its shapes and its arithmetic. */
export interface ModelConfig {
  readonly modelType: "llama";
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly numHiddenLayers: number;
  readonly numAttentionHeads: number;
  /** Heads of keys and values; divides `numAttentionHeads`. */
  readonly numKeyValueHeads: number;
  /** Entries of one head, even. */
  readonly headDim: number;
  readonly maxPositionEmbeddings: number;
  readonly rmsNormEps: number;
  readonly rope: RopeParameters;
  /** Whether the output layer is the transposed embedding. */
  readonly tieWordEmbeddings: boolean;
  /** Standard deviation of freshly drawn weights. */
  readonly initializerRange: number;
  readonly bosTokenId?: number;
  /** Tokens that end a text; the first is the one to append. */
  readonly eosTokenIds: readonly number[];
  readonly padTokenId?: number;
}

const caller = "parseModelConfig";
const architectures: ReadonlyMap<string, string> = new Map([["llama", "LlamaForCausalLM"]]);

/**
 * A parsed `config.json` as a model's configuration.
 *
 * @param value - The parsed file; fields that change neither shapes nor arithmetic are ignored.
 * @returns The configuration, every field checked and every default of transformers filled in.
 * @throws {TypeError} If a field is missing or of the wrong kind.
 * @throws {RangeError} If the architecture is unknown, or a value cannot be: heads that do not divide, an odd head size, a rope scaling,
 *   activation, bias or quantisation that is not supported.
 * @remarks The names are those of transformers' `LlamaConfig` in camelCase. Rotary embeddings are read in both forms:
 *   `rope_parameters` (transformers 5), `rope_theta` and `rope_scaling` (before).
 * @example
 * const config = parseModelConfig({
 *   model_type: "llama", vocab_size: 512, hidden_size: 64, intermediate_size: 172, num_hidden_layers: 5, num_attention_heads: 8,
 *   max_position_embeddings: 512,
 * });
 * config.headDim; // => 8
 * config.rope; // => { type: "default", theta: 10000 }
 */
export function parseModelConfig(value: unknown): ModelConfig {
  if (!isJsonObject(value)) throw wrongKind(caller, "config", "a JSON object", value);
  const modelType = parseArchitecture(value);
  const act = value.hidden_act ?? "silu";
  if (act !== "silu") throw wrongValue(caller, "hidden_act", '"silu"', act);
  requireNeutral(caller, value, "attention_bias", [false]);
  requireNeutral(caller, value, "mlp_bias", [false]);
  requireNeutral(caller, value, "quantization_config");
  const vocabSize = positiveInteger(caller, value, "vocab_size");
  return {
    modelType,
    vocabSize,
    hiddenSize: positiveInteger(caller, value, "hidden_size"),
    intermediateSize: positiveInteger(caller, value, "intermediate_size"),
    numHiddenLayers: positiveInteger(caller, value, "num_hidden_layers"),
    ...parseHeads(value),
    maxPositionEmbeddings: positiveInteger(caller, value, "max_position_embeddings", 2048),
    rmsNormEps: positiveNumber(caller, value, "rms_norm_eps", 1e-6),
    rope: parseRope(caller, value),
    tieWordEmbeddings: flag(caller, value, "tie_word_embeddings", false),
    initializerRange: positiveNumber(caller, value, "initializer_range", 0.02),
    ...parseSpecialTokens(value, vocabSize),
  };
}

/**
 * A configuration as a `config.json` that transformers reads and `parseModelConfig` reads back to an equal value.
 *
 * @param config - The configuration.
 * @returns The file's fields, sorted by name as transformers writes them.
 * @remarks The rotary embedding is written in both forms, so that transformers 4 and 5 read it alike.
 */
export function modelConfigFields(config: ModelConfig): JsonObject {
  const [eos, ...more] = config.eosTokenIds;
  const fields: JsonObject = {
    architectures: [architectures.get(config.modelType)],
    attention_bias: false,
    attention_dropout: 0,
    bos_token_id: config.bosTokenId ?? null,
    dtype: "float32",
    eos_token_id: more.length > 0 ? config.eosTokenIds : (eos ?? null),
    head_dim: config.headDim,
    hidden_act: "silu",
    hidden_size: config.hiddenSize,
    initializer_range: config.initializerRange,
    intermediate_size: config.intermediateSize,
    max_position_embeddings: config.maxPositionEmbeddings,
    mlp_bias: false,
    model_type: config.modelType,
    num_attention_heads: config.numAttentionHeads,
    num_hidden_layers: config.numHiddenLayers,
    num_key_value_heads: config.numKeyValueHeads,
    pad_token_id: config.padTokenId ?? null,
    rms_norm_eps: config.rmsNormEps,
    ...ropeFields(config.rope),
    tie_word_embeddings: config.tieWordEmbeddings,
    torch_dtype: "float32",
    vocab_size: config.vocabSize,
  };
  return fields;
}

function parseArchitecture(value: JsonObject): "llama" {
  const known = [...architectures.keys()].map((name) => `"${name}"`).join(", ");
  const { model_type: modelType, architectures: listed } = value;
  if (modelType !== "llama") throw wrongValue(caller, "model_type", `one of ${known}`, modelType);
  if (listed === undefined || listed === null) return modelType;
  const wanted = architectures.get(modelType);
  if (!Array.isArray(listed) || !listed.includes(wanted)) {
    const got = Array.isArray(listed) ? listed.map(describe).join(", ") : describe(listed);
    throw new RangeError(`${caller}: "architectures" must contain "${wanted}", got ${got}`);
  }
  return modelType;
}

function parseHeads(
  value: JsonObject,
): Pick<ModelConfig, "numAttentionHeads" | "numKeyValueHeads" | "headDim"> {
  const hidden = positiveInteger(caller, value, "hidden_size");
  const numAttentionHeads = positiveInteger(caller, value, "num_attention_heads");
  const numKeyValueHeads = positiveInteger(caller, value, "num_key_value_heads", numAttentionHeads);
  if (numAttentionHeads % numKeyValueHeads !== 0) {
    const condition = `a divisor of "num_attention_heads", ${numAttentionHeads}`;
    throw wrongValue(caller, "num_key_value_heads", condition, numKeyValueHeads);
  }
  if ((value.head_dim ?? null) === null && hidden % numAttentionHeads !== 0) {
    const condition = `a divisor of "hidden_size", ${hidden}`;
    throw wrongValue(caller, "num_attention_heads", condition, numAttentionHeads);
  }
  const headDim = positiveInteger(caller, value, "head_dim", hidden / numAttentionHeads);
  if (headDim % 2 !== 0) throw wrongValue(caller, "head_dim", "even", headDim);
  return { numAttentionHeads, numKeyValueHeads, headDim };
}

function parseSpecialTokens(
  value: JsonObject,
  vocabSize: number,
): Pick<ModelConfig, "bosTokenId" | "eosTokenIds" | "padTokenId"> {
  const bos = tokenIds(value, "bos_token_id", vocabSize).at(0);
  const pad = tokenIds(value, "pad_token_id", vocabSize).at(0);
  return {
    ...(bos === undefined ? {} : { bosTokenId: bos }),
    eosTokenIds: tokenIds(value, "eos_token_id", vocabSize),
    // -1 stood for "none" in early Llama configurations
    ...(pad === undefined ? {} : { padTokenId: pad }),
  };
}

function tokenIds(value: JsonObject, key: string, vocabSize: number): number[] {
  const found = value[key] ?? [];
  const ids: unknown[] = Array.isArray(found) ? found : [found];
  const checked: number[] = [];
  for (const id of ids) {
    if (typeof id !== "number") throw wrongKind(caller, key, "a token id", id);
    if (!Number.isInteger(id) || id < -1 || id >= vocabSize) {
      throw wrongValue(caller, key, `an id below "vocab_size", ${vocabSize}`, id);
    }
    if (id >= 0) checked.push(id);
  }
  return checked;
}
