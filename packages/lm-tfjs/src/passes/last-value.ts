import * as tf from "@tensorflow/tfjs-core";
import { attention } from "../blocks/attention.ts";
import {
  type BlockSetting,
  type BlockWeights,
  type FeedPass,
  feed,
  type MixPass,
  queriesAndKeys,
} from "../blocks/block.ts";
import { applyLinear, type Linear } from "../blocks/linear.ts";
import { takeRows } from "../blocks/rows.ts";
import type { CausalLM } from "../model/causal-lm.ts";
import { blockSetting } from "./forward.ts";
import type { PoolInputs } from "./pool-inputs.ts";
import { sequenceLengths } from "./require-batch.ts";

/** Everything of the last block that does not depend on its V projection, for a pool. Disposed of as one container. */
export type LastBlock = {
  readonly x: tf.Tensor;
  readonly h: tf.Tensor;
  readonly q: tf.Tensor;
  readonly k: tf.Tensor;
};

/** The parameter of the last block's V projection that is perturbed: LoRA's B, `[out, rank]`, or the weight itself without LoRA. */
export function lastValueParameter({ weights }: CausalLM): tf.Tensor {
  const { weight, adapter } = lastBlock(weights.blocks).value;
  return (adapter?.up ?? weight).value;
}

export function lastBlock(blocks: readonly BlockWeights[]): BlockWeights {
  return blocks[blocks.length - 1];
}

/** The setting of a pool's pass. Call it in a tidy. */
export function poolSetting({ config }: CausalLM, { batch }: PoolInputs): BlockSetting {
  return blockSetting(config, sequenceLengths(batch), batch.shape[1]);
}

/** The normed input, queries and keys of the last block. */
export function prepareLastBlock(model: CausalLM, { hidden }: PoolInputs, setting: BlockSetting): LastBlock {
  const x = hidden[hidden.length - 1];
  return tf.tidy(() => ({ x: tf.clone(x), ...queriesAndKeys(lastBlock(model.weights.blocks), x, setting) }));
}

/** The last block at the rows of the targets, with `theta` in the place of `lastValueParameter`. */
export function runLastBlock(
  model: CausalLM,
  { x, h, q, k }: LastBlock,
  theta: tf.Tensor,
  setting: BlockSetting,
  rows: Int32Array,
): { y: tf.Tensor; feedPass: FeedPass; mixPass: MixPass } {
  const block = lastBlock(model.weights.blocks);
  return tf.tidy(() => {
    const v = applyLinear(h, valueWeight(block.value, theta));
    const { context, pass: mixPass } = attention(q, k, v, setting.shape, setting.visibility);
    const { y, pass: feedPass } = feed(
      block,
      takeRows(x, rows),
      takeRows(context, rows),
      setting.normEpsilon,
    );
    return { y, feedPass, mixPass };
  });
}

function valueWeight({ weight, adapter }: Linear, theta: tf.Tensor): tf.Tensor {
  if (!adapter) return theta;
  return tf.add(weight.value, tf.mul(tf.matMul(theta, adapter.down.value), adapter.scale));
}
