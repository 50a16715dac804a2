import { type DirectionalGradients, type SpsaOptions, spsa } from "@colm/spsa";
import * as tf from "@tensorflow/tfjs-core";
import { headLosses } from "../blocks/head.ts";
import type { CausalLM } from "../model/causal-lm.ts";
import {
  poolSetting,
  prepareLastBlock,
  runLastBlock,
  slotParameter,
  type ValueOptions,
  valueSlot,
} from "./last-value.ts";
import { type PoolInputs, requirePass } from "./pool-inputs.ts";
import { meanPerExample, shiftedTargets } from "./targets.ts";

/**
 * Zeroth-order per-example gradients of the last block's V projection:
 * `c_ik = (L_i(theta + epsilon z_k) - L_i(theta - epsilon z_k)) / (2 epsilon)`.
 *
 * @param model - Not changed: perturbed parameters are copies, so there is nothing to restore.
 * @param pass - What `poolInputs` or `forwardPool` gave at the model's present parameters. Kept as it is.
 * @param options - As for `spsa`: `epsilon` (1e-3), `directions` q (1), `seed`, `step` (0), `fresh` (false), `signal`; and `rows`, as
 *   for `lastValueGradients`.
 * @returns One row of coefficients per example of the pool, 0 where it has no label. Theta is LoRA's B of the last V
 *   projection, row-major `[out, rank]`, or the weight itself as it lies in the file where that map has no adapter.
 * @throws {RangeError} If an option is out of range. @throws {Error} If the pass has been disposed of.
 * @remarks Nguyen et al., "Mini-batch Coresets for Memory-efficient Language Model Training on Data Mixtures" (ICLR
 *   2025), Eq. 6. Everything below the last block comes from the pass, and its queries and keys are computed once, unless they are fused with the values: 2q
 *   times values, attention, the rest of the block at labelled positions, and the head there.
 * @example
 * await chooseBackend("wasm");
 * const config = parseModelConfig({
 *   model_type: "llama", vocab_size: 8, hidden_size: 4, intermediate_size: 8, num_hidden_layers: 1,
 *   num_attention_heads: 1, max_position_embeddings: 16, tie_word_embeddings: true,
 * });
 * const model = createModel(config, { seed: 1 });
 * const ids = Int32Array.of(1, 2, 3, 4);
 * const batch = { inputIds: ids, attentionMask: ids.map(() => 1), labels: ids, shape: [2, 2] };
 * const pass = poolInputs(model, batch, { keep: "last" });
 * const gradients = await lastValueSpsa(model, pass, { seed: 1, directions: 3 });
 * gradients.coefficients.shape; // => [2, 3]
 * gradients.dimension; // => 16
 * pass.dispose();
 * model.dispose();
 */
export async function lastValueSpsa(
  model: CausalLM,
  pass: PoolInputs,
  options: SpsaOptions & ValueOptions,
): Promise<DirectionalGradients> {
  requirePass("lastValueSpsa", pass);
  const slot = valueSlot("lastValueSpsa", model, options);
  const parameter = tf.tidy(() => slotParameter(slot));
  const { shape } = parameter;
  const theta = Float32Array.from(await parameter.data());
  parameter.dispose();
  const targets = shiftedTargets(pass.batch);
  const size = pass.batch.shape[0];
  const fixed = tf.tidy(() => prepareLastBlock(model, pass, slot));
  const losses = async (values: Float32Array): Promise<Float32Array> => {
    if (targets.rows.length === 0) return new Float32Array(size);
    const perTarget = tf.tidy(() => {
      const perturbed = tf.tensor(values, shape);
      const { y } = runLastBlock(model, fixed, slot, perturbed, poolSetting(model, pass), targets.rows);
      return headLosses(model.weights.head, y, targets.ids);
    });
    const data = await perTarget.data();
    perTarget.dispose();
    return meanPerExample(data, targets);
  };
  try {
    return await spsa(losses, theta, options);
  } finally {
    tf.dispose(fixed);
  }
}
