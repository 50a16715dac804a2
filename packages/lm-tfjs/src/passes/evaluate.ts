import { describe, type Matrix, matrix } from "@colm/array";
import type { Batch } from "@colm/data";
import * as tf from "@tensorflow/tfjs-core";
import { type HeadWeights, headLogits, headLosses, headMatches } from "../blocks/head.ts";
import { normalize } from "../blocks/norm.ts";
import type { CausalLM } from "../model/causal-lm.ts";
import { blockInput, blockSetting, lastBlockRows } from "./forward.ts";
import { requireBatch, sequenceLengths } from "./require-batch.ts";
import { meanPerExample, shiftedTargets, type Targets } from "./targets.ts";

/** Logits of every position, `[batch tokens, vocabulary]`, 0 on padding: the large array that training never makes. */
export async function logits(model: CausalLM, batch: Batch): Promise<Matrix> {
  requireBatch("logits", batch, model.config);
  return matrixOf(model, batch, model.config.numHiddenLayers, (x) => headLogits(model.weights.head, x));
}

/**
 * Hidden states `[batch tokens, hidden]` as transformers counts them: 0 is the embedding, `k` the output of the k-th
 * block, and that of the last one is normed; 0 on padding.
 */
export async function hiddenStates(model: CausalLM, batch: Batch, layer: number): Promise<Matrix> {
  const { numHiddenLayers: layers } = model.config;
  requireBatch("hiddenStates", batch, model.config);
  if (!(Number.isInteger(layer) && layer >= 0 && layer <= layers)) {
    throw new RangeError(
      `hiddenStates: "layer" must be an integer in [0, ${layers}], got ${describe(layer)}`,
    );
  }
  return matrixOf(model, batch, layer, (x) => (layer === layers ? normalize(x, model.weights.head.norm) : x));
}

async function matrixOf(
  { weights, config }: CausalLM,
  batch: Batch,
  layer: number,
  finish: (x: tf.Tensor) => tf.Tensor,
): Promise<Matrix> {
  const values = tf.tidy(() => {
    const setting = blockSetting(config, sequenceLengths(batch), batch.shape[1]);
    return finish(blockInput(weights, batch.inputIds, setting, layer));
  });
  const data = Float32Array.from(await values.data());
  values.dispose();
  const width = data.length / batch.inputIds.length;
  batch.attentionMask.forEach((bit, row) => {
    if (bit === 0) data.fill(0, row * width, (row + 1) * width);
  });
  return matrix(data, batch.inputIds.length, width);
}

/** Mean loss of each example over its labelled tokens, 0 where it has none; logits of the labelled positions alone, in chunks. */
export async function losses(model: CausalLM, batch: Batch): Promise<Float32Array> {
  requireBatch("losses", batch, model.config);
  const targets = shiftedTargets(batch);
  return meanPerExample(await ofTargets(model, batch, targets, headLosses), targets);
}

/**
 * 1 for each example whose every labelled token is the model's first choice, else 0 (also where nothing is labelled):
 * exactly those whose completion greedy decoding would write, at the price of one forward pass.
 *
 * @param model - Not changed.
 * @param batch - Right-padded examples with labels on their completions. Read, not kept.
 * @returns `batch` zeros and ones.
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
 * (await exactMatches(model, batch)).length; // => 2
 * model.dispose();
 */
export async function exactMatches(model: CausalLM, batch: Batch): Promise<Uint8Array> {
  requireBatch("exactMatches", batch, model.config);
  const targets = shiftedTargets(batch);
  const shares = meanPerExample(await ofTargets(model, batch, targets, headMatches), targets);
  return Uint8Array.from(shares, (share) => (share === 1 ? 1 : 0));
}

async function ofTargets(
  { weights, config }: CausalLM,
  batch: Batch,
  targets: Targets,
  head: (weights: HeadWeights, y: tf.Tensor, ids: Int32Array) => tf.Tensor,
): Promise<ArrayLike<number>> {
  if (targets.rows.length === 0) return [];
  const values = tf.tidy(() => {
    const setting = blockSetting(config, sequenceLengths(batch), batch.shape[1]);
    const x = blockInput(weights, batch.inputIds, setting, config.numHiddenLayers - 1);
    const y = lastBlockRows(weights.blocks[config.numHiddenLayers - 1], x, setting, targets.rows);
    return head(weights.head, y, targets.ids);
  });
  const data = await values.data();
  values.dispose();
  return data;
}
