import * as tf from "@tensorflow/tfjs-core";
import type { AttentionShape } from "../simd/fused.ts";
import { type AttentionPass, attention, attentionGradient, type Visibility } from "./attention.ts";
import { applyLinear, type Linear, linearGradients, mergedWeight } from "./linear.ts";
import { type GradientSink, isWanted, type Parameter } from "./parameter.ts";
import { product, sumOfProducts } from "./product.ts";
import { rmsNorm, rmsNormGradient } from "./rms-norm.ts";
import { type RotaryTable, rotate } from "./rotary.ts";
import { swiglu, swigluGradient } from "./swiglu.ts";

/** The weights of one Llama block. */
export interface BlockWeights {
  readonly inputNorm: Parameter;
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly output: Linear;
  readonly feedForwardNorm: Parameter;
  readonly gate: Linear;
  readonly up: Linear;
  readonly down: Linear;
}

/** What every block of one pass shares: shapes, positions, who sees whom. */
export interface BlockSetting {
  readonly shape: AttentionShape;
  readonly rotary: RotaryTable;
  readonly visibility: Visibility;
  readonly normEpsilon: number;
}

/** What the backward pass of `mix` needs, beside the block's input. */
export type MixPass = AttentionPass;

/** What the backward pass of `feed` needs. */
export type FeedPass = {
  readonly context: tf.Tensor;
  /** The residual stream after attention. */
  readonly middle: tf.Tensor;
  readonly gate: tf.Tensor;
  readonly up: tf.Tensor;
};

/** First half of a block, the only one where tokens meet: `context = attention(norm(x))`, `[n, heads size]`. */
export function mix(
  block: BlockWeights,
  x: tf.Tensor,
  setting: BlockSetting,
): { context: tf.Tensor; pass: MixPass } {
  return tf.tidy(() => {
    const { h, q, k } = queriesAndKeys(block, x, setting);
    const v = applyLinear(h, mergedWeight(block.value));
    return attention(q, k, v, setting.shape, setting.visibility);
  });
}

/** What attention needs beside the values: the normed input, and the rotated queries and keys made of it. */
export function queriesAndKeys(
  block: BlockWeights,
  x: tf.Tensor,
  { rotary, normEpsilon }: Pick<BlockSetting, "rotary" | "normEpsilon">,
): { h: tf.Tensor; q: tf.Tensor; k: tf.Tensor } {
  return tf.tidy(() => {
    const h = rmsNorm(x, block.inputNorm, normEpsilon);
    const q = rotate(applyLinear(h, mergedWeight(block.query)), rotary);
    const k = rotate(applyLinear(h, mergedWeight(block.key)), rotary);
    return { h, q, k };
  });
}

/**
 * Backward pass of `mix`: adds gradients by its weights and returns that by `x`, or nothing when `below` is false
 * (no trainable parameter lies below, so the last three products are left out).
 */
export function mixGradient(
  block: BlockWeights,
  x: tf.Tensor,
  setting: BlockSetting,
  pass: MixPass,
  dcontext: tf.Tensor,
  gradients: GradientSink,
  below: boolean,
): tf.Tensor | undefined {
  const { shape, rotary, visibility, normEpsilon } = setting;
  return tf.tidy(() => {
    const { dq, dk, dv } = attentionGradient(pass, shape, visibility, dcontext);
    const dquery = rotate(dq, rotary, -1);
    const dkey = rotate(dk, rotary, -1);
    const h = rmsNorm(x, block.inputNorm, normEpsilon);
    linearGradients(block.query, h, dquery, gradients);
    linearGradients(block.key, h, dkey, gradients);
    linearGradients(block.value, h, dv, gradients);
    if (!below && !isWanted(block.inputNorm, gradients)) return undefined;
    const dh = sumOfProducts([
      [dquery, mergedWeight(block.query)],
      [dkey, mergedWeight(block.key)],
      [dv, mergedWeight(block.value)],
    ]);
    return rmsNormGradient(x, block.inputNorm, normEpsilon, dh, gradients);
  });
}

/** Second half of a block, row by row: `y = m + down(swiglu(gate(norm(m)), up(norm(m))))`, `m = x + output(context)`. */
export function feed(
  block: BlockWeights,
  x: tf.Tensor,
  context: tf.Tensor,
  normEpsilon: number,
): { y: tf.Tensor; pass: FeedPass } {
  return tf.tidy(() => {
    const middle = tf.add(x, applyLinear(context, mergedWeight(block.output)));
    const h = rmsNorm(middle, block.feedForwardNorm, normEpsilon);
    const gate = applyLinear(h, mergedWeight(block.gate));
    const up = applyLinear(h, mergedWeight(block.up));
    const y = tf.add(middle, applyLinear(swiglu(gate, up), mergedWeight(block.down)));
    return { y, pass: { context, middle, gate, up } };
  });
}

/** Backward pass of `feed`: gradients by `x` (the residual stream) and by the context. */
export function feedGradient(
  block: BlockWeights,
  normEpsilon: number,
  { context, middle, gate, up }: FeedPass,
  dy: tf.Tensor,
  gradients: GradientSink,
): { dx: tf.Tensor; dcontext: tf.Tensor } {
  return tf.tidy(() => {
    linearGradients(block.down, swiglu(gate, up), dy, gradients);
    const { dgate, dup } = swigluGradient(gate, up, product(dy, mergedWeight(block.down)));
    const h = rmsNorm(middle, block.feedForwardNorm, normEpsilon);
    linearGradients(block.gate, h, dgate, gradients);
    linearGradients(block.up, h, dup, gradients);
    const dh = sumOfProducts([
      [dgate, mergedWeight(block.gate)],
      [dup, mergedWeight(block.up)],
    ]);
    const dx = tf.add(dy, rmsNormGradient(middle, block.feedForwardNorm, normEpsilon, dh, gradients));
    linearGradients(block.output, context, dx, gradients);
    return { dx, dcontext: product(dx, mergedWeight(block.output)) };
  });
}
