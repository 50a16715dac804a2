import { type Matrix, matrix } from "@colm/array";
import * as tf from "@tensorflow/tfjs-core";
import { attentionGradient } from "../blocks/attention.ts";
import { feedGradient } from "../blocks/block.ts";
import { headGradient } from "../blocks/head.ts";
import type { Linear } from "../blocks/linear.ts";
import { scatterRows } from "../blocks/rows.ts";
import type { CausalLM } from "../model/causal-lm.ts";
import { lastBlock, lastValueParameter, poolSetting, prepareLastBlock, runLastBlock } from "./last-value.ts";
import { type PoolInputs, requirePass } from "./pool-inputs.ts";
import { shiftedTargets } from "./targets.ts";

/**
 * Exact per-example gradients of the last block's V projection, row `i` that of `L_i`, the mean loss of example `i`.
 *
 * @param model - Not changed.
 * @param pass - What `poolInputs` or `forwardPool` gave at the model's present parameters. Kept as it is.
 * @returns A fresh `[batch, d]`, 0 in the rows of examples without a label. d = out * rank, the entries of LoRA's B of
 *   the last `v_proj`, row-major; or out * in, those of the weight itself, where that map has no adapter.
 * @throws {Error} If the pass has been disposed of.
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
export async function lastValueGradients(model: CausalLM, pass: PoolInputs): Promise<Matrix> {
  requirePass("lastValueGradients", pass);
  const [batch, tokens] = pass.batch.shape;
  const parameter = lastValueParameter(model);
  const targets = shiftedTargets(pass.batch);
  if (targets.rows.length === 0)
    return matrix(new Float32Array(batch * parameter.size), batch, parameter.size);
  const block = lastBlock(model.weights.blocks);
  const { rmsNormEps } = model.config;
  const rows = tf.tidy(() => {
    const setting = poolSetting(model, pass);
    const fixed = prepareLastBlock(model, pass, setting);
    const { y, feedPass, mixPass } = runLastBlock(model, fixed, parameter, setting, targets.rows);
    const factors = Float32Array.from(targets.examples, (i) => 1 / targets.counts[i]);
    const { dy } = headGradient(model.weights.head, y, targets.ids, factors, rmsNormEps, undefined);
    const { dcontext } = feedGradient(block, rmsNormEps, feedPass, dy, undefined);
    const spread = scatterRows(dcontext, targets.rows, batch * tokens);
    const { dv } = attentionGradient(mixPass, setting.shape, setting.visibility, spread);
    return valueGradients(block.value, fixed.h, dv, batch, tokens);
  });
  const data = Float32Array.from(await rows.data());
  rows.dispose();
  return matrix(data, batch, parameter.size);
}

/** `scale dv_i' (h_i A')` for each example, or `dv_i' h_i` without an adapter: `[batch, out, rank or in]`. */
function valueGradients(
  { adapter }: Linear,
  h: tf.Tensor,
  dv: tf.Tensor,
  batch: number,
  tokens: number,
): tf.Tensor {
  const inputs = adapter ? tf.mul(tf.matMul(h, tf.transpose(adapter.down.value)), adapter.scale) : h;
  const byExample = tf.transpose(tf.reshape(dv, [batch, tokens, -1]), [0, 2, 1]);
  return tf.matMul(byExample, tf.reshape(inputs, [batch, tokens, -1]));
}
