import { describe, requireNatural, uniform } from "@colm/array";
import type { Linear } from "../blocks/linear.ts";
import { type Parameter, parameter, shapeOf } from "../blocks/parameter.ts";
import type { AdapterConfig } from "../checkpoint/adapter-config.ts";
import { architectureOf } from "./architectures/all.ts";
import type { CausalLM } from "./causal-lm.ts";
import { setTrainable } from "./trainable.ts";
import { blockLinears, linearPath, mapLinears } from "./weights.ts";

/** Settings of `addLora`. */
export interface LoraOptions {
  /** Rows of A, columns of B: an integer of at least 1. */
  readonly rank: number;
  /** Numerator of the scale `alpha / rank`, above 0. */
  readonly alpha: number;
  /** Whether the scale is `alpha / sqrt(rank)` instead (rsLoRA). Default false. */
  readonly useRslora?: boolean;
  /** Share of the inputs of A that fall out in training, in [0, 1). Default 0. `lossAndGradients` takes the seed of the masks. */
  readonly dropout?: number;
  /**
   * Names of the linear maps, matched as PEFT does: a whole path or its end behind a dot, such as `["q_proj", "v_proj"]`;
   * or `["all-linear"]`, all of each block. Default: what PEFT adapts in this architecture, `["q_proj", "v_proj"]` in Llama,
   * `["qkv_proj"]` in Phi-3, `["c_attn"]` in GPT-2.
   */
  readonly targets?: readonly string[];
  /** Seed of A's draws, an integer in [0, 2^53). */
  readonly seed: number;
}

/**
 * Adds a LoRA adapter, `y = x W' + s drop(x) (B A)'`, `s = alpha / rank`, and makes its factors the only trainable parameters.
 *
 * @param model - Changed. Its outputs stay the same, since B starts at 0.
 * @param options - Rank, alpha, targets, dropout, and the seed of A's draws.
 * @throws {TypeError | RangeError} If an option is of the wrong kind or out of range, a target matches no linear map, or the model has an adapter already.
 * @remarks Hu et al., "LoRA" (2021), eq. 3; rsLoRA: Kalajdzievski, "A Rank Stabilization Scaling Factor for Fine-Tuning with LoRA" (2023).
 *   `A ~ U(-1/sqrt(in), 1/sqrt(in))` as PEFT draws it; factor number k draws from stream k. Without dropout the adapter is merged into its
 *   weight once per pass.
 * @example
 * await chooseBackend("wasm");
 * const config = parseModelConfig({
 *   model_type: "llama", vocab_size: 8, hidden_size: 4, intermediate_size: 8, num_hidden_layers: 1,
 *   num_attention_heads: 1, max_position_embeddings: 16, tie_word_embeddings: true,
 * });
 * const model = createModel(config, { seed: 1 });
 * addLora(model, { rank: 2, alpha: 4, targets: ["v_proj"], seed: 2 });
 * trainableVariables(model).get("base_model.model.model.layers.0.self_attn.v_proj.lora_B.weight").shape; // => [4, 2]
 * model.dispose();
 */
export function addLora(model: CausalLM, options: LoraOptions): void {
  const { loraTargets, transposed } = architectureOf(model.config);
  const { rank, alpha, useRslora = false, dropout = 0, targets = loraTargets, seed } = options;
  if (!(Number.isInteger(rank) && rank >= 1)) {
    throw new RangeError(`addLora: "rank" must be an integer of at least 1, got ${describe(rank)}`);
  }
  if (!(typeof alpha === "number" && alpha > 0 && alpha < Infinity)) {
    throw new RangeError(`addLora: "alpha" must be a number above 0, got ${describe(alpha)}`);
  }
  if (!(typeof dropout === "number" && dropout >= 0 && dropout < 1)) {
    throw new RangeError(`addLora: "dropout" must be in [0, 1), got ${describe(dropout)}`);
  }
  if (typeof useRslora !== "boolean") {
    throw new TypeError(`addLora: "useRslora" must be a boolean, got ${describe(useRslora)}`);
  }
  if (!Array.isArray(targets)) {
    throw new TypeError(`addLora: "targets" must be an array of names, got ${describe(targets)}`);
  }
  requireNatural("addLora", "seed", seed);
  let stream = 0;
  const settings = {
    rank,
    alpha,
    dropout,
    ...(useRslora ? { useRslora } : {}),
    ...(transposed ? { fanInFanOut: true } : {}),
    targets: [...targets],
  };
  attachLora("addLora", model, settings, (name, shape) => {
    const data = new Float32Array(shape[0] * shape[1]);
    if (name.endsWith("lora_B.weight")) return data;
    const bound = 1 / Math.sqrt(shape[1]);
    const draws = uniform(new Float64Array(data.length), { seed, stream: stream++ });
    return data.map((_, i) => (2 * draws[i] - 1) * bound);
  });
}

/** Adds an adapter whose factors `read` gives by PEFT name and shape. */
export function attachLora(
  caller: string,
  model: CausalLM,
  settings: AdapterConfig,
  read: (name: string, shape: readonly [number, number]) => Float32Array,
): void {
  const { rank, alpha, targets, useRslora = false, fanInFanOut = false } = settings;
  const { transposed } = architectureOf(model.config);
  if (model.lora) throw new RangeError(`${caller}: "model" must not have an adapter already`);
  if (fanInFanOut !== transposed) {
    throw new RangeError(
      `${caller}: "fan_in_fan_out" must be ${transposed} for ${model.config.modelType}, got ${fanInFanOut}`,
    );
  }
  requireTargets(caller, model, targets);
  // 16 bits decide about an entry
  if (settings.dropout > 1 - 2 ** -16) {
    throw new RangeError(`${caller}: "dropout" must be at most 1 - 2^-16, got ${settings.dropout}`);
  }
  const scale = alpha / (useRslora ? Math.sqrt(rank) : rank);
  const made: Parameter[] = [];
  let site = 0;
  const adapt = (linear: Linear): Linear => {
    const path = linearPath(linear);
    if (!targets.some((target) => isTarget(path, target))) return linear;
    const [first, second] = shapeOf(linear.weight);
    const [outputs, inputs] = transposed ? [second, first] : [first, second];
    const make = (factor: string, shape: readonly [number, number]): Parameter => {
      const name = `base_model.model.${path}.lora_${factor}.weight`;
      const created = parameter(name, read(name, shape), shape, true);
      made.push(created);
      return created;
    };
    const adapter = { down: make("A", [rank, inputs]), up: make("B", [outputs, rank]), scale, site: site++ };
    return { ...linear, adapter };
  };
  try {
    model.weights = { ...model.weights, blocks: mapLinears(model.weights.blocks, adapt) };
  } catch (error) {
    for (const { value } of made) value.dispose();
    throw error;
  }
  model.lora = settings;
  setTrainable(model, "lora");
}

function isTarget(path: string, target: string): boolean {
  return target === "all-linear" || path === target || path.endsWith(`.${target}`);
}

function requireTargets(caller: string, { weights }: CausalLM, targets: readonly string[]): void {
  if (targets.length === 0) throw new RangeError(`${caller}: "targets" must name at least one linear map`);
  const paths = weights.blocks.flatMap(blockLinears).map(linearPath);
  for (const target of targets) {
    if (typeof target === "string" && paths.some((path) => isTarget(path, target))) continue;
    const known = [...new Set(paths.map((path) => path.slice(path.lastIndexOf(".") + 1)))].join(", ");
    throw new RangeError(`${caller}: "targets" must be among ${known}, got ${describe(target)}`);
  }
}
