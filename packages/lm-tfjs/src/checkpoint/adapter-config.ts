import { describe } from "@colm/array";
import {
  flag,
  isJsonObject,
  type JsonObject,
  positiveInteger,
  positiveNumber,
  requireNeutral,
  wrongKind,
} from "./json-fields.ts";

/** What a LoRA adapter is made of: `W + s B A` on each target, `s = alpha / rank`, or `alpha / sqrt(rank)` where it is rank-stabilised. */
export interface AdapterConfig {
  /** Rows of A, columns of B. */
  readonly rank: number;
  readonly alpha: number;
  /** Probability that an input entry is dropped while training, in [0, 1). */
  readonly dropout: number;
  /** Whether the scale is `alpha / sqrt(rank)` (rsLoRA). Default false. */
  readonly useRslora?: boolean;
  /** Whether the weights of the targets lie as `[in, out]`, as in GPT-2. Default false. */
  readonly fanInFanOut?: boolean;
  /** Names of the linear layers, matched at the end of their paths; or PEFT's `"all-linear"`. */
  readonly targets: readonly string[];
  /** Path or name of the base model, where it is known. */
  readonly baseModel?: string;
}

const caller = "parseAdapterConfig";

/**
 * A parsed `adapter_config.json` as a LoRA configuration.
 *
 * @param value - The parsed file; fields that change nothing here are ignored.
 * @returns The configuration.
 * @throws {TypeError} If a field is missing or of the wrong kind.
 * @throws {RangeError} If the adapter is no plain LoRA: another PEFT type, DoRA, biases, other modules saved,
 *   ranks that differ between layers, or targets given as a pattern.
 * @remarks The names are those of PEFT's `LoraConfig` (0.21).
 * @example
 * parseAdapterConfig({ peft_type: "LORA", r: 8, lora_alpha: 16, target_modules: ["v_proj"] }).rank; // => 8
 */
export function parseAdapterConfig(value: unknown): AdapterConfig {
  if (!isJsonObject(value)) throw wrongKind(caller, "config", "a JSON object", value);
  if (value.peft_type !== "LORA") {
    throw new RangeError(`${caller}: "peft_type" must be "LORA", got ${describe(value.peft_type)}`);
  }
  for (const key of ["use_dora", "use_qalora", "lora_bias"]) {
    requireNeutral(caller, value, key, [false]);
  }
  requireNeutral(caller, value, "bias", ["none"]);
  for (const key of [
    "modules_to_save",
    "rank_pattern",
    "alpha_pattern",
    "layers_to_transform",
    "exclude_modules",
  ]) {
    requireNeutral(caller, value, key);
  }
  for (const key of ["layer_replication", "target_parameters", "trainable_token_indices"]) {
    requireNeutral(caller, value, key);
  }
  flag(caller, value, "inference_mode", true);
  const { base_model_name_or_path: baseModel } = value;
  return {
    rank: positiveInteger(caller, value, "r"),
    alpha: positiveNumber(caller, value, "lora_alpha"),
    dropout: parseDropout(value.lora_dropout ?? 0),
    ...(flag(caller, value, "use_rslora", false) ? { useRslora: true } : {}),
    ...(flag(caller, value, "fan_in_fan_out", false) ? { fanInFanOut: true } : {}),
    targets: parseTargets(value.target_modules),
    ...(typeof baseModel === "string" && baseModel !== "" ? { baseModel } : {}),
  };
}

/** A LoRA configuration as the fields of an `adapter_config.json` that PEFT reads, sorted by name. */
export function adapterConfigFields(config: AdapterConfig): JsonObject {
  const [only] = config.targets;
  const isAll = config.targets.length === 1 && only === "all-linear";
  return {
    alpha_pattern: {},
    base_model_name_or_path: config.baseModel ?? null,
    bias: "none",
    fan_in_fan_out: config.fanInFanOut ?? false,
    inference_mode: true,
    init_lora_weights: true,
    layers_to_transform: null,
    lora_alpha: config.alpha,
    lora_dropout: config.dropout,
    modules_to_save: null,
    peft_type: "LORA",
    r: config.rank,
    rank_pattern: {},
    target_modules: isAll ? only : [...new Set(config.targets)].sort(),
    task_type: "CAUSAL_LM",
    use_dora: false,
    use_rslora: config.useRslora ?? false,
  };
}

function parseDropout(value: unknown): number {
  if (typeof value !== "number") throw wrongKind(caller, "lora_dropout", "a number", value);
  if (!(value >= 0 && value < 1)) {
    throw new RangeError(`${caller}: "lora_dropout" must be in [0, 1), got ${value}`);
  }
  return value;
}

function parseTargets(value: unknown): string[] {
  if (value === "all-linear") return [value];
  if (!Array.isArray(value) || value.length === 0) {
    throw wrongKind(caller, "target_modules", 'a list of layer names or "all-linear"', value);
  }
  const targets: string[] = [];
  for (const target of value) {
    if (typeof target !== "string" || target === "")
      throw wrongKind(caller, "target_modules", "layer names", target);
    targets.push(target);
  }
  return targets.sort();
}
