import { describe, uniform } from "@colm/array";
import type { Linear } from "../blocks/linear.ts";
import { type Parameter, parameter } from "../blocks/parameter.ts";
import type { AdapterConfig } from "../checkpoint/adapter-config.ts";
import type { CausalLM } from "./causal-lm.ts";
import { setTrainable } from "./trainable.ts";
import { LINEAR_PATHS, LINEAR_ROLES, type LinearRole, mapLinears } from "./weights.ts";

/** Settings of `addLora`. */
export interface LoraOptions {
  /** Rows of A, columns of B: an integer of at least 1. */
  readonly rank: number;
  /** Numerator of the scale `alpha / rank`, above 0. */
  readonly alpha: number;
  /**
   * Names of the linear maps, matched as PEFT does: a whole path or its end behind a dot, such as `["q_proj", "v_proj"]`;
   * or `["all-linear"]`, all seven of each block.
   */
  readonly targets: readonly string[];
  /** Seed of A's draws, an integer in [0, 2^53). */
  readonly seed: number;
}

/**
 * Adds a LoRA adapter, `y = x (W + alpha / rank B A)'`, and makes its factors the only trainable parameters.
 *
 * @param model - Changed. Its outputs stay the same, since B starts at 0.
 * @param options - Rank, alpha, targets, and the seed of A's draws.
 * @throws {RangeError} If an option is out of range, a target matches no linear map, or the model has an adapter already.
 * @remarks Hu et al., "LoRA" (2021), eq. 3. `A ~ U(-1/sqrt(in), 1/sqrt(in))` as PEFT draws it; factor number k draws from
 *   stream k. Dropout is not offered yet: the adapter is merged into its weight once per pass.
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
  const { rank, alpha, targets, seed } = options;
  if (!(Number.isInteger(rank) && rank >= 1)) {
    throw new RangeError(`addLora: "rank" must be an integer of at least 1, got ${describe(rank)}`);
  }
  if (!(alpha > 0 && alpha < Infinity)) {
    throw new RangeError(`addLora: "alpha" must be a number above 0, got ${describe(alpha)}`);
  }
  let stream = 0;
  const settings = { rank, alpha, dropout: 0, targets: [...targets] };
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
  const { rank, alpha, targets } = settings;
  if (settings.dropout !== 0) {
    throw new RangeError(
      `${caller}: "dropout" must be 0 (LoRA dropout is not supported yet), got ${settings.dropout}`,
    );
  }
  if (model.lora) throw new RangeError(`${caller}: "model" must not have an adapter already`);
  requireTargets(caller, targets);
  const made: Parameter[] = [];
  const adapt = (layer: number, role: LinearRole, linear: Linear): Linear => {
    const path = `model.layers.${layer}.${LINEAR_PATHS[role]}`;
    if (!targets.some((target) => isTarget(path, target))) return linear;
    const [rows, cols] = linear.weight.value.shape;
    const make = (factor: string, shape: readonly [number, number]): Parameter => {
      const name = `base_model.model.${path}.lora_${factor}.weight`;
      const created = parameter(name, read(name, shape), shape, true);
      made.push(created);
      return created;
    };
    return {
      weight: linear.weight,
      adapter: { down: make("A", [rank, cols]), up: make("B", [rows, rank]), scale: alpha / rank },
    };
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

function requireTargets(caller: string, targets: readonly string[]): void {
  if (targets.length === 0) throw new RangeError(`${caller}: "targets" must name at least one linear map`);
  for (const target of targets) {
    if (
      typeof target === "string" &&
      LINEAR_ROLES.some((role) => isTarget(`model.${LINEAR_PATHS[role]}`, target))
    ) {
      continue;
    }
    const known = LINEAR_ROLES.map((role) => LINEAR_PATHS[role].split(".")[1]).join(", ");
    throw new RangeError(`${caller}: "targets" must be among ${known}, got ${describe(target)}`);
  }
}
