import { type Matrix, matrix } from "@colm/array";
import * as tf from "@tensorflow/tfjs-core";
import { attendGradient, feedGradient } from "../blocks/block.ts";
import { headGradient } from "../blocks/head.ts";
import { shapeOf } from "../blocks/parameter.ts";
import { scatterRows } from "../blocks/rows.ts";
import type { CausalLM } from "../model/causal-lm.ts";
import {
  lastBlock,
  poolSetting,
  prepareLastBlock,
  runLastBlock,
  slotParameter,
  type ValueOptions,
  type ValueSlot,
  valueSlot,
} from "./last-value.ts";
import { type PoolInputs, requirePass } from "./pool-inputs.ts";
import { shiftedTargets } from "./targets.ts";

/**
 * Exact per-example gradients of the last block's V projection, row `i` that of `L_i`, the mean loss of example `i`.
 *
 * @param model - Not changed.
 * @param pass - What `poolInputs` or `forwardPool` gave at the model's present parameters. Kept as it is.
 * @param options - `rows`: of a projection that is fused with those of queries and keys, `"all"` rows of its parameter (default) or those
 *   of the `"values"` alone.
 * @returns A fresh `[batch, d]`, 0 in the rows of examples without a label. d = out * rank, the entries of LoRA's B of
 *   the last V projection, row-major; or out * in, those of the weight itself as it lies in the file, where that map has no adapter.
 * @throws {RangeError} If `rows` is something else. @throws {Error} If the pass has been disposed of.
 * @remarks One backward pass through the head and the last block, down to its values; examples do not meet in it.
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
 * (await lastValueGradients(model, pass)).shape; // => [2, 16]
 * pass.dispose();
 * model.dispose();
 */
export async function lastValueGradients(
  model: CausalLM,
  pass: PoolInputs,
  options: ValueOptions = {},
): Promise<Matrix> {
  requirePass("lastValueGradients", pass);
  const slot = valueSlot("lastValueGradients", model, options);
  const [batch, tokens] = pass.batch.shape;
  const targets = shiftedTargets(pass.batch);
  const { adapter, weight } = slot.linear;
  const [first, second] = shapeOf(adapter?.up ?? weight);
  const size = slot.count * (adapter || !slot.linear.transposed ? second : first);
  if (targets.rows.length === 0) return matrix(new Float32Array(batch * size), batch, size);
  const block = lastBlock(model.weights.blocks);
  const rows = tf.tidy(() => {
    const setting = poolSetting(model, pass);
    const fixed = prepareLastBlock(model, pass, slot);
    const theta = slotParameter(slot);
    const { y, feedPass, mixPass } = runLastBlock(model, fixed, slot, theta, setting, targets.rows);
    const factors = Float32Array.from(targets.examples, (i) => 1 / targets.counts[i]);
    const { dy } = headGradient(model.weights.head, y, targets.ids, factors, undefined);
    const { dcontext } = feedGradient(block, feedPass, dy, undefined);
    const spread = scatterRows(dcontext, targets.rows, batch * tokens);
    const dparts = attendGradient(block, setting, mixPass, spread, undefined);
    return slotGradients(slot, fixed.h, slot.whole ? tf.concat(dparts, 1) : dparts[2], batch, tokens);
  });
  const data = Float32Array.from(await rows.data());
  rows.dispose();
  return matrix(data, batch, size);
}

/** `scale dy_i' (h_i A')` for each example, or `dy_i' h_i` without an adapter, its transpose where the weight lies so. */
function slotGradients(
  { linear: { adapter, transposed } }: ValueSlot,
  h: tf.Tensor,
  dy: tf.Tensor,
  batch: number,
  tokens: number,
): tf.Tensor {
  const inputs = adapter ? tf.mul(tf.matMul(h, tf.transpose(adapter.down.value)), adapter.scale) : h;
  const byExample = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [batch, tokens, -1]);
  const turned = (x: tf.Tensor): tf.Tensor => tf.transpose(byExample(x), [0, 2, 1]);
  return transposed && !adapter
    ? tf.matMul(turned(inputs), byExample(dy))
    : tf.matMul(turned(dy), byExample(inputs));
}
