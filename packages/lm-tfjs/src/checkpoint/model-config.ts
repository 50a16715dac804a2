import { describe } from "@colm/array";
import { architectures } from "../model/architectures/all.ts";
import type { Architecture, Property } from "../model/architectures/architecture.ts";
import { parseWindows, type Windows } from "./attention-windows.ts";
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
import { parseRope, parseRotaryShare, type RopeParameters } from "./rope.ts";
import { parseSpecialTokens, type SpecialTokenIds } from "./special-token-ids.ts";

/** What a model is made of: the fields of `config.json` that decide its shapes and its arithmetic. */
export interface ModelConfig extends SpecialTokenIds {
  /** The architecture: `llama`, `mistral`, `qwen2`, `qwen3`, `phi3`, `stablelm`, `phi` or `gpt2`. */
  readonly modelType: string;
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly numHiddenLayers: number;
  readonly numAttentionHeads: number;
  /** Heads of keys and values; divides `numAttentionHeads`. */
  readonly numKeyValueHeads: number;
  /** Entries of one head. */
  readonly headDim: number;
  readonly maxPositionEmbeddings: number;
  readonly normEpsilon: number;
  /** The activation of the feed-forward net, under its name in transformers. */
  readonly hiddenAct: string;
  /** Absent where positions are learned. */
  readonly rope?: RopeParameters;
  /** Entries of each head that are rotated, even; 0 where positions are learned. */
  readonly rotaryDim: number;
  /** For each layer: how many keys a query sees at most, or null. */
  readonly windows: Windows;
  /** Whether attention and feed-forward net of a block read the same input. */
  readonly parallelBlocks: boolean;
  /** Whether queries, keys and values have biases. */
  readonly projectionBias: boolean;
  /** Whether the map behind attention has a bias. */
  readonly outputBias: boolean;
  /** Whether the feed-forward net has biases. */
  readonly feedBias: boolean;
  /** Whether the output layer is the transposed embedding. */
  readonly tieWordEmbeddings: boolean;
  /** Standard deviation of freshly drawn weights. */
  readonly initializerRange: number;
}

const caller = "parseModelConfig";
const gatedActivations = ["silu"];
const plainActivations = ["gelu", "gelu_new", "gelu_fast", "gelu_pytorch_tanh"];

/**
 * A parsed `config.json` as a model's configuration.
 *
 * @param value - The parsed file; fields that change neither shapes nor arithmetic are ignored, those of a model's own dropout too.
 * @returns The configuration, every field checked and every default of transformers filled in.
 * @throws {TypeError} If a field is missing or of the wrong kind.
 * @throws {RangeError} If the architecture is unknown (the message lists the known ones), or a value cannot be: heads that do not divide,
 *   an odd number of rotated entries, a rope scaling, activation, bias or quantisation that is not supported.
 * @remarks The names are those of transformers' configurations in camelCase. Rotary embeddings are read in both forms:
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
  const architecture = parseArchitecture(value);
  const fields: JsonObject = { ...architecture.defaults, ...value };
  for (const [key, neutral] of Object.entries(architecture.neutral)) {
    requireNeutral(caller, fields, key, neutral);
  }
  requireNeutral(caller, fields, "quantization_config");
  const key = (name: string): string => architecture.keys[name] ?? name;
  const vocabSize = positiveInteger(caller, fields, "vocab_size");
  const hiddenSize = positiveInteger(caller, fields, key("hidden_size"));
  const numHiddenLayers = positiveInteger(caller, fields, key("num_hidden_layers"));
  const inner = architecture.gated ? undefined : 4 * hiddenSize;
  return {
    modelType: architecture.modelType,
    vocabSize,
    hiddenSize,
    intermediateSize: positiveInteger(caller, fields, key("intermediate_size"), inner),
    numHiddenLayers,
    ...parsePositions(architecture, fields, parseHeads(fields, key, hiddenSize)),
    maxPositionEmbeddings: positiveInteger(caller, fields, key("max_position_embeddings")),
    normEpsilon: positiveNumber(caller, fields, architecture.normEpsilonKey),
    hiddenAct: parseActivation(architecture, fields, key("hidden_act")),
    windows: parseWindows(caller, fields, architecture.window, numHiddenLayers),
    parallelBlocks: parseProperty(fields, architecture.parallel),
    projectionBias: parseProperty(fields, architecture.projectionBias),
    outputBias: parseProperty(fields, architecture.outputBias),
    feedBias: parseProperty(fields, architecture.feedBias),
    tieWordEmbeddings: flag(caller, fields, "tie_word_embeddings", false),
    initializerRange: positiveNumber(caller, fields, "initializer_range", 0.02),
    ...parseSpecialTokens(caller, fields, vocabSize),
  };
}

function parseArchitecture(value: JsonObject): Architecture {
  const known = [...architectures.keys()].map((name) => `"${name}"`).join(", ");
  const { model_type: modelType, architectures: listed } = value;
  const found = typeof modelType === "string" ? architectures.get(modelType) : undefined;
  if (found === undefined) throw wrongValue(caller, "model_type", `one of ${known}`, modelType);
  if (listed === undefined || listed === null) return found;
  if (!Array.isArray(listed) || !listed.includes(found.className)) {
    const got = Array.isArray(listed) ? listed.map(describe).join(", ") : describe(listed);
    throw new RangeError(`${caller}: "architectures" must contain "${found.className}", got ${got}`);
  }
  return found;
}

function parseProperty(fields: JsonObject, property: Property): boolean {
  return typeof property === "boolean" ? property : flag(caller, fields, property.flag, false);
}

type Heads = Pick<ModelConfig, "numAttentionHeads" | "numKeyValueHeads" | "headDim">;

function parseHeads(fields: JsonObject, key: (name: string) => string, hidden: number): Heads {
  const headsKey = key("num_attention_heads");
  const numAttentionHeads = positiveInteger(caller, fields, headsKey);
  const numKeyValueHeads = positiveInteger(caller, fields, "num_key_value_heads", numAttentionHeads);
  if (numAttentionHeads % numKeyValueHeads !== 0) {
    const condition = `a divisor of "${headsKey}", ${numAttentionHeads}`;
    throw wrongValue(caller, "num_key_value_heads", condition, numKeyValueHeads);
  }
  if ((fields.head_dim ?? null) === null && hidden % numAttentionHeads !== 0) {
    const condition = `a divisor of "${key("hidden_size")}", ${hidden}`;
    throw wrongValue(caller, headsKey, condition, numAttentionHeads);
  }
  const headDim = positiveInteger(caller, fields, "head_dim", hidden / numAttentionHeads);
  return { numAttentionHeads, numKeyValueHeads, headDim };
}

function parsePositions(
  { names, defaults }: Architecture,
  fields: JsonObject,
  heads: Heads,
): Heads & Pick<ModelConfig, "rope" | "rotaryDim"> {
  if (names.positions !== undefined) return { ...heads, rotaryDim: 0 };
  const share = parseRotaryShare(caller, fields, "partial_rotary_factor" in defaults);
  const rotaryDim = Math.floor(heads.headDim * share);
  if (rotaryDim === 0 || rotaryDim % 2 !== 0) {
    if (share === 1) throw wrongValue(caller, "head_dim", "even", heads.headDim);
    const condition = `such that an even number of the ${heads.headDim} entries of a head is rotated`;
    throw wrongValue(caller, "partial_rotary_factor", condition, share);
  }
  return { ...heads, rope: parseRope(caller, fields), rotaryDim };
}

function parseActivation({ gated }: Architecture, fields: JsonObject, key: string): string {
  const known = gated ? gatedActivations : plainActivations;
  const value = fields[key] ?? known[0];
  const found = known.find((name) => name === value);
  if (found === undefined) {
    throw wrongValue(caller, key, known.map((name) => `"${name}"`).join(" or "), value);
  }
  return found;
}
