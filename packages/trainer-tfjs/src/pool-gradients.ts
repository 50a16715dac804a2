import { requireOptions } from "@colm/array";
import type { Example } from "@colm/data";
import type { CausalLM } from "@colm/lm-tfjs";
import type { DirectionalGradients } from "@colm/spsa";
import { checkInteger } from "./check-options.ts";
import { zerothOrderRows } from "./gradient-rows.ts";
import { walkPool } from "./pool-walk.ts";

/** Settings of the zeroth-order pass over a pool. */
export interface PoolGradientsOptions {
  /** Half the distance of the two evaluations. Default 1e-3. */
  readonly epsilon?: number | undefined;
  /** Perturbation directions, at least 1. Default 1. */
  readonly directions?: number | undefined;
  /** Whether each step draws directions of its own. Default false: one set for the whole run. */
  readonly fresh?: boolean | undefined;
  /** Seed of the directions. */
  readonly seed: number;
  /** The update, counted from 0. */
  readonly step: number;
  /** Examples in one forward pass. */
  readonly microBatchSize: number;
  /** Asked before each forward pass. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Per-example zeroth-order gradients of the last V projection, `g_i = (1/q) sum_k c_ik z_k`, over a pool in micro-batches.
 *
 * @param model - Only read: its parameters are the same bits afterwards.
 * @param examples - The pool, at least one example.
 * @param options - Perturbation, sizes, signal.
 * @returns One row of coefficients for each example, in the pool's order; NaN where a loss was not finite. No tensor is left behind.
 * @throws {TypeError | RangeError} If there is no example, or an option is of the wrong kind or out of range.
 * @throws The signal's reason when it is aborted.
 * @remarks Blocks below the last run once per example, the last block and the head `2q` times. All
 * micro-batches use the same directions, so their coefficients are rows of one matrix.
 * @example
 * import { addLora } from "@colm/lm-tfjs";
 * import { chooseBackend, createModel, parseModelConfig } from "@colm/lm-tfjs";
 * await chooseBackend("wasm");
 * const config = parseModelConfig({
 *   model_type: "llama", vocab_size: 16, hidden_size: 8, intermediate_size: 16, num_hidden_layers: 1,
 *   num_attention_heads: 2, max_position_embeddings: 16, tie_word_embeddings: true,
 * });
 * const model = createModel(config, { seed: 1 });
 * const ids = [Int32Array.of(1, 2, 3, 4), Int32Array.of(5, 6, 7), Int32Array.of(1, 3, 5, 7), Int32Array.of(2, 4, 6)];
 * const examples = ids.map((inputIds) => ({ inputIds, labels: inputIds, source: "counting", truncated: 0 }));
 * addLora(model, { rank: 2, alpha: 8, targets: ["v_proj"], seed: 1 });
 * const { coefficients } = await poolGradients(model, examples, { seed: 1, step: 0, microBatchSize: 2 });
 * coefficients.shape; // => [4, 1]
 */
export async function poolGradients(
  model: CausalLM,
  examples: readonly Example[],
  options: PoolGradientsOptions,
): Promise<DirectionalGradients> {
  requireOptions("poolGradients", options);
  const { microBatchSize, signal } = options;
  checkInteger("poolGradients", "microBatchSize", microBatchSize, 1);
  checkInteger("poolGradients", "examples.length", examples.length, 1);
  const rows = zerothOrderRows(model, examples.length, options);
  await walkPool(model, examples, { microBatchSize, keep: "last", losses: false, signal }, async (pass) => {
    await rows.add(pass.inputs, pass.positions);
    return false;
  });
  return rows.result();
}
