import * as tf from "@tensorflow/tfjs-core";
import {
  attend,
  type BlockSetting,
  type BlockWeights,
  type FeedPass,
  feed,
  type MixPass,
} from "../blocks/block.ts";
import type { Linear } from "../blocks/linear.ts";
import { normalize } from "../blocks/norm.ts";
import { valuesOf } from "../blocks/parameter.ts";
import { sumOfProducts } from "../blocks/product.ts";
import { project } from "../blocks/projection.ts";
import { takeRows } from "../blocks/rows.ts";
import type { CausalLM } from "../model/causal-lm.ts";
import { blockSetting } from "./forward.ts";
import type { PoolInputs } from "./pool-inputs.ts";
import { sequenceLengths } from "./require-batch.ts";

/**
 * Which rows of a fused projection of queries, keys and values are meant: all of its parameter (default), or those of the values alone. A
 * projection of the values alone has no others.
 */
export interface ValueOptions {
  readonly rows?: "all" | "values";
}

/**
 * The part of the last block's projections that makes values: `count` outputs of `linear` from number `from` on. Its parameter is
 * LoRA's B, `[count, rank]`, or without an adapter the weight, as it lies in the file.
 */
export interface ValueSlot {
  readonly linear: Linear;
  readonly from: number;
  readonly count: number;
  /** Whether queries and keys come from here too. */
  readonly whole: boolean;
}

/** The slot of a model's last block. */
export function valueSlot(caller: string, { weights }: CausalLM, { rows = "all" }: ValueOptions): ValueSlot {
  if (rows !== "all" && rows !== "values") {
    throw new RangeError(`${caller}: "rows" must be "all" or "values", got ${JSON.stringify(rows)}`);
  }
  const { linears, widths } = lastBlock(weights.blocks).projections;
  const values = widths[2];
  if (linears.length === widths.length) return { linear: linears[2], from: 0, count: values, whole: false };
  const all = widths[0] + widths[1] + values;
  return rows === "all"
    ? { linear: linears[0], from: 0, count: all, whole: true }
    : { linear: linears[0], from: all - values, count: values, whole: false };
}

/** The slot's parameter: the rows of LoRA's B, or those of the weight (columns where it lies transposed). Call it in a tidy. */
export function slotParameter({ linear, from, count }: ValueSlot): tf.Tensor {
  const { weight, adapter, transposed } = linear;
  if (adapter) return tf.slice(adapter.up.value, [from, 0], [count, -1]);
  return transposed
    ? tf.slice(valuesOf(weight), [0, from], [-1, count])
    : tf.slice(valuesOf(weight), [from, 0], [count, -1]);
}

/** The outputs of the slot for `h`, with `theta` in the place of its parameter. */
function slotOutputs({ linear, from, count }: ValueSlot, h: tf.Tensor, theta: tf.Tensor): tf.Tensor {
  const { weight, bias, adapter, transposed } = linear;
  const mergedWith = (down: tf.Tensor, scale: number): tf.Tensor => {
    const change = tf.mul(tf.matMul(theta, down), scale);
    return transposed
      ? tf.add(tf.slice(valuesOf(weight), [0, from], [-1, count]), tf.transpose(change))
      : tf.add(tf.slice(valuesOf(weight), [from, 0], [count, -1]), change);
  };
  const acting = adapter ? mergedWith(adapter.down.value, adapter.scale) : theta;
  const y = sumOfProducts([[h, acting, !transposed]]);
  return bias ? tf.add(y, tf.slice(bias.value, [from], [count])) : y;
}

/** Everything of the last block that does not depend on the slot, for a pool. Disposed of as one container. */
export type LastBlock = {
  readonly x: tf.Tensor;
  readonly h: tf.Tensor;
  /** Queries and keys as projected; absent where they come from the slot. */
  readonly q?: tf.Tensor;
  readonly k?: tf.Tensor;
};

export function lastBlock(blocks: readonly BlockWeights[]): BlockWeights {
  return blocks[blocks.length - 1];
}

/** The setting of a pool's pass through the last block, where nothing falls out. Call it in a tidy. */
export function poolSetting({ config }: CausalLM, { batch }: PoolInputs): BlockSetting {
  return blockSetting(config, sequenceLengths(batch), batch.shape[1]);
}

/** The normed input of the last block, and its queries and keys where the slot does not make them. */
export function prepareLastBlock(model: CausalLM, { hidden }: PoolInputs, slot: ValueSlot): LastBlock {
  const block = lastBlock(model.weights.blocks);
  return tf.tidy(() => {
    const x = tf.clone(hidden[hidden.length - 1]);
    const h = normalize(x, block.attentionNorm);
    if (slot.whole) return { x, h };
    const { linears, widths } = block.projections;
    const separate = linears.length === widths.length;
    const queriesAndKeys = separate
      ? { linears: linears.slice(0, 2), widths: widths.slice(0, 2) }
      : undefined;
    const [q, k] = project(queriesAndKeys ?? block.projections, h);
    return { x, h, q, k };
  });
}

/** The last block at the rows of the targets, with `theta` in the place of the slot's parameter. */
export function runLastBlock(
  model: CausalLM,
  { x, h, q, k }: LastBlock,
  slot: ValueSlot,
  theta: tf.Tensor,
  setting: BlockSetting,
  rows: Int32Array,
): { y: tf.Tensor; feedPass: FeedPass; mixPass: MixPass } {
  const block = lastBlock(model.weights.blocks);
  return tf.tidy(() => {
    const made = slotOutputs(slot, h, theta);
    const parts = q && k ? [q, k, made] : tf.split(made, [...block.projections.widths], 1);
    const { context, pass: mixPass } = attend(block, parts, setting);
    const { y, pass: feedPass } = feed(block, takeRows(x, rows), takeRows(context, rows));
    return { y, feedPass, mixPass };
  });
}
