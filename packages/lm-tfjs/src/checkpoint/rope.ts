import {
  isJsonObject,
  type JsonObject,
  positiveInteger,
  positiveNumber,
  wrongKind,
  wrongValue,
} from "./json-fields.ts";

/** How positions become rotation angles: plain, or stretched as Llama 3 does it. */
export type RopeParameters =
  | { readonly type: "default"; readonly theta: number }
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
  const key = (config.rope_parameters ?? null) !== null ? "rope_parameters" : "rope_scaling";
  const scaling = config[key] ?? {};
  if (!isJsonObject(scaling)) throw wrongKind(caller, key, "an object or null", scaling);
  const theta = positiveNumber(caller, "rope_theta" in scaling ? scaling : config, "rope_theta", 10_000);
  const type = scaling.rope_type ?? scaling.type ?? "default";
  if (type === "default") return { type, theta };
  if (type !== "llama3") throw wrongValue(caller, `${key}.rope_type`, '"default" or "llama3"', type);
  const factor = positiveNumber(caller, scaling, "factor");
  const lowFreqFactor = positiveNumber(caller, scaling, "low_freq_factor");
  const highFreqFactor = positiveNumber(caller, scaling, "high_freq_factor");
  if (highFreqFactor <= lowFreqFactor) {
    const condition = `above "low_freq_factor", ${lowFreqFactor}`;
    throw wrongValue(caller, "high_freq_factor", condition, highFreqFactor);
  }
  const originalMaxPositionEmbeddings = positiveInteger(caller, scaling, "original_max_position_embeddings");
  return { type, theta, factor, lowFreqFactor, highFreqFactor, originalMaxPositionEmbeddings };
}

/** The same in the fields of `config.json`, `rope_parameters` for transformers 5 beside the form that earlier versions read. */
export function ropeFields(rope: RopeParameters): JsonObject {
  if (rope.type === "default") {
    return {
      rope_parameters: { rope_theta: rope.theta, rope_type: "default" },
      rope_scaling: null,
      rope_theta: rope.theta,
    };
  }
  const scaling = {
    factor: rope.factor,
    high_freq_factor: rope.highFreqFactor,
    low_freq_factor: rope.lowFreqFactor,
    original_max_position_embeddings: rope.originalMaxPositionEmbeddings,
    rope_type: rope.type,
  };
  return {
    rope_parameters: { ...scaling, rope_theta: rope.theta },
    rope_scaling: scaling,
    rope_theta: rope.theta,
  };
}
