import type { Batch } from "@colm/data";
import * as tf from "@tensorflow/tfjs-core";
import { headLosses } from "../blocks/head.ts";
import type { CausalLM } from "../model/causal-lm.ts";
import { blockSetting, lastBlockRows } from "./forward.ts";
import { computeInputs, type PoolInputs, type PoolOptions } from "./pool-inputs.ts";
import { sequenceLengths } from "./require-batch.ts";
import { meanPerExample, shiftedTargets } from "./targets.ts";

/** What one forward pass over a pool computed. It owns tensors: dispose of it when the step is over. */
export interface PoolPass extends PoolInputs {
  /** Mean loss of each example over its labelled tokens, 0 where it has none. */
  readonly losses: Float32Array;
}

/**
 * The selection pass: one forward pass over a pool, whose block inputs stay for features and for the training step.
 *
 * @param model - Not changed. The pass holds for its parameters as they are now.
 * @param batch - The pool. Kept by reference: do not write to it while the pass lives.
 * @param options - `keep`: `"all"` block inputs (default; `lossAndGradients` can start from them) or the `"last"` one
 *   (enough for features; `[batch tokens, hidden]` instead of that times the layers). `dropout`: masks of the adapter's dropout,
 *   for a training step that starts from the pass; by default nothing falls out.
 * @returns The pass; the caller disposes of it.
 * @throws {RangeError} If the batch does not fit the model.
 * @example
 * await chooseBackend("wasm");
 * const config = parseModelConfig({
 *   model_type: "llama", vocab_size: 8, hidden_size: 4, intermediate_size: 8, num_hidden_layers: 1,
 *   num_attention_heads: 1, max_position_embeddings: 16, tie_word_embeddings: true,
 * });
 * const model = createModel(config, { seed: 1 });
 * const ids = Int32Array.of(1, 2, 3, 4);
 * const batch = { inputIds: ids, attentionMask: ids.map(() => 1), labels: ids, shape: [2, 2] };
 * const pass = await forwardPool(model, batch);
 * pass.losses.length; // => 2
 * pass.hidden.map((x) => x.shape); // => [[4, 4]]
 * pass.dispose();
 * model.dispose();
 */
export async function forwardPool(
  model: CausalLM,
  batch: Batch,
  options: PoolOptions = {},
): Promise<PoolPass> {
  const inputs = computeInputs("forwardPool", model, batch, options);
  const { weights, config } = model;
  const targets = shiftedTargets(batch);
  const perTarget = tf.tidy(() => {
    if (targets.rows.length === 0) return tf.zeros([0]);
    const setting = blockSetting(config, sequenceLengths(batch), batch.shape[1], inputs.dropout);
    const x = inputs.hidden[inputs.hidden.length - 1];
    const y = lastBlockRows(weights.blocks[config.numHiddenLayers - 1], x, setting, targets.rows);
    return headLosses(weights.head, y, targets.ids);
  });
  const losses = meanPerExample(await perTarget.data(), targets);
  perTarget.dispose();
  return { ...inputs, losses };
}
