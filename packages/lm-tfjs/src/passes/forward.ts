import * as tf from "@tensorflow/tfjs-core";
import { visibility } from "../blocks/attention.ts";
import { type BlockSetting, type BlockWeights, feed, mix } from "../blocks/block.ts";
import { dropoutRows } from "../blocks/dropout.ts";
import { embed } from "../blocks/embedding.ts";
import { rotaryTable } from "../blocks/rotary.ts";
import { rotaryFrequencies } from "../blocks/rotary-frequencies.ts";
import { takeRows } from "../blocks/rows.ts";
import type { ModelConfig } from "../checkpoint/model-config.ts";
import type { ModelWeights } from "../model/weights.ts";
import { type BatchDropout, rowDropout } from "./batch-dropout.ts";

/** What the blocks of a pass over `lengths.length` sequences of `tokens` tokens share; made of tensors, so call it in a tidy. */
export function blockSetting(
  config: ModelConfig,
  lengths: Int32Array,
  tokens: number,
  dropout?: BatchDropout,
): BlockSetting {
  const { headDim, rope, rotaryDim } = config;
  const windows = [...new Set(config.windows)].map((window) => window ?? undefined);
  return {
    shape: {
      batch: lengths.length,
      tokens,
      heads: config.numAttentionHeads,
      kvHeads: config.numKeyValueHeads,
      headSize: headDim,
    },
    ...(rope ? { rotary: rotaryTable(rotaryFrequencies(rotaryDim, rope), tokens) } : {}),
    visibility: visibility(lengths, tokens, headDim, windows),
    ...(dropout ? { dropout: rowDropout(dropout, tokens) } : {}),
  };
}

/** One whole block, keeping nothing but its output. */
export function blockOutput(block: BlockWeights, x: tf.Tensor, setting: BlockSetting): tf.Tensor {
  return tf.tidy(() => feed(block, x, mix(block, x, setting).context, setting.dropout).y);
}

/**
 * The last block on the rows that somebody asks for: attention runs over all tokens, everything behind it over `rows` only.
 *
 * @returns The block's output at `rows`, `[rows.length, hidden]`.
 */
export function lastBlockRows(
  block: BlockWeights,
  x: tf.Tensor,
  setting: BlockSetting,
  rows: Int32Array,
): tf.Tensor {
  return tf.tidy(() => {
    const { context } = mix(block, x, setting);
    return feed(block, takeRows(x, rows), takeRows(context, rows), dropoutRows(setting.dropout, rows)).y;
  });
}

/** The inputs of the blocks `0 .. count - 1`, each `[n, hidden]`; input 0 is the embedding. */
export function blockInputs(
  weights: ModelWeights,
  inputIds: Int32Array,
  setting: BlockSetting,
  count: number,
): tf.Tensor[] {
  const inputs = [embed(weights, inputIds, setting.shape.tokens)];
  while (inputs.length < count) {
    const index = inputs.length - 1;
    inputs.push(blockOutput(weights.blocks[index], inputs[index], setting));
  }
  return inputs;
}

/** The input of block `index` (the output of the last one for `index` = number of blocks), all others freed on the way. */
export function blockInput(
  weights: ModelWeights,
  inputIds: Int32Array,
  setting: BlockSetting,
  index: number,
): tf.Tensor {
  let x = embed(weights, inputIds, setting.shape.tokens);
  for (let i = 0; i < index; i++) {
    const next = blockOutput(weights.blocks[i], x, setting);
    x.dispose();
    x = next;
  }
  return x;
}
