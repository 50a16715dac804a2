import {
  isJsonObject,
  type JsonObject,
  positiveInteger,
  positiveNumber,
  requireNeutral,
  wrongKind,
  wrongValue,
} from "./json-fields.ts";

/**
 * How positions become rotation angles: plain, all of them slower by a factor (`linear`), only beyond the model's positions (`dynamic`:
 * plain within them), or stretched as Llama 3 does it.
 */
export type RopeParameters =
  | { readonly type: "default"; readonly theta: number }
  | { readonly type: "linear"; readonly theta: number; readonly factor: number }
  | { readonly type: "dynamic"; readonly theta: number; readonly factor: number }
  | {
      readonly type: "llama3";
      readonly theta: number;
      readonly factor: number;
      readonly lowFreqFactor: number;
      readonly highFreqFactor: number;
      readonly originalMaxPositionEmbeddings: number;
    };

/**
 * The rotary embedding of a `config.json`: `rope_parameters` (transformers 5), or `rope_theta` with `rope_scaling` (before).
 *
 * @param caller - Name of the public function that reads.
 * @param config - The parsed file.
 */
export function parseRope(caller: string, config: JsonObject): RopeParameters {
  const { rope_parameters: now = null, rope_theta: theta = null, rope_scaling: before = null } = config;
  if (now === null) return readRope(caller, config, "rope_scaling");
  const rope = readRope(caller, config, "rope_parameters");
  // a file may say it twice, for readers of either form, but not two things
  if (theta !== null && theta !== rope.theta) {
    throw wrongValue(caller, "rope_theta", `${rope.theta} as in "rope_parameters"`, theta);
  }
  const old =
    before === null ? rope : readRope(caller, { ...config, rope_theta: rope.theta }, "rope_scaling");
  if (JSON.stringify(old) !== JSON.stringify(rope)) {
    throw wrongValue(caller, "rope_scaling", 'the same as "rope_parameters"', before);
  }
  return rope;
}

function readRope(
  caller: string,
  config: JsonObject,
  key: "rope_parameters" | "rope_scaling",
): RopeParameters {
  const scaling = config[key] ?? {};
  if (!isJsonObject(scaling)) throw wrongKind(caller, key, "an object or null", scaling);
  const theta = positiveNumber(caller, "rope_theta" in scaling ? scaling : config, "rope_theta", 10_000);
  const type = scaling.rope_type ?? scaling.type ?? "default";
  if (type === "default") return { type, theta };
  if (type !== "llama3" && type !== "linear" && type !== "dynamic") {
    const known = '"default", "linear", "dynamic" or "llama3"';
    throw wrongValue(caller, `${key}.rope_type`, known, type);
  }
  const factor = positiveNumber(caller, scaling, "factor");
  if (type === "dynamic") {
    // positions that the model has been stretched to beforehand are another computation
    const positions = config.max_position_embeddings;
    requireNeutral(caller, scaling, "original_max_position_embeddings", [positions]);
    return { type, theta, factor };
  }
  if (type === "linear") return { type, theta, factor };
  const lowFreqFactor = positiveNumber(caller, scaling, "low_freq_factor");
  const highFreqFactor = positiveNumber(caller, scaling, "high_freq_factor");
  if (highFreqFactor <= lowFreqFactor) {
    const condition = `above "low_freq_factor", ${lowFreqFactor}`;
    throw wrongValue(caller, "high_freq_factor", condition, highFreqFactor);
  }
  const originalMaxPositionEmbeddings = positiveInteger(caller, scaling, "original_max_position_embeddings");
  return { type, theta, factor, lowFreqFactor, highFreqFactor, originalMaxPositionEmbeddings };
}

/**
 * The share of each head that is rotated: `partial_rotary_factor`, in `rope_parameters` (transformers 5) or beside it (before).
 *
 * @param open - Whether the architecture can rotate less than whole heads.
 */
export function parseRotaryShare(caller: string, config: JsonObject, open: boolean): number {
  const rope = config.rope_parameters;
  const fields = isJsonObject(rope) && "partial_rotary_factor" in rope ? rope : config;
  if (!open) requireNeutral(caller, fields, "partial_rotary_factor", [1]);
  const share = positiveNumber(caller, fields, "partial_rotary_factor", 1);
  if (share > 1) throw wrongValue(caller, "partial_rotary_factor", "at most 1", share);
  return share;
}

/** The same in the fields of `config.json`, `rope_parameters` for transformers 5 beside the form that earlier versions read. */
export function ropeFields(rope: RopeParameters, partial?: number): JsonObject {
  const share = partial === undefined ? {} : { partial_rotary_factor: partial };
  const scaling = scalingFields(rope);
  return {
    rope_parameters: { ...share, ...(scaling ?? { rope_type: "default" }), rope_theta: rope.theta },
    rope_scaling: scaling,
    rope_theta: rope.theta,
  };
}

function scalingFields(rope: RopeParameters): JsonObject | null {
  if (rope.type === "default") return null;
  if (rope.type !== "llama3") return { factor: rope.factor, rope_type: rope.type };
  return {
    factor: rope.factor,
    high_freq_factor: rope.highFreqFactor,
    low_freq_factor: rope.lowFreqFactor,
    original_max_position_embeddings: rope.originalMaxPositionEmbeddings,
    rope_type: rope.type,
  };
}
