import * as tf from "@tensorflow/tfjs-core";
import type { AttentionShape } from "../simd/fused.ts";
import { type Activation, activate, activateGradient } from "./activation.ts";
import { type AttentionPass, attention, attentionGradient, type Visibility } from "./attention.ts";
import type { Dropout } from "./dropout.ts";
import { applyLinear, inputGradient, type Linear, linearGradients } from "./linear.ts";
import { type Norm, normalize, normalizeGradient } from "./norm.ts";
import type { GradientSink } from "./parameter.ts";
import { type Projection, project, projectionGradients, projectionInputGradient } from "./projection.ts";
import type { RotaryTable } from "./rotary.ts";
import { type HeadNorms, type Turning, turn, turnGradient } from "./turn.ts";

/** The weights of one block, and how they are put together. */
export interface BlockWeights {
  readonly attentionNorm: Norm;
  /** Queries, keys and values. */
  readonly projections: Projection;
  readonly headNorms?: HeadNorms;
  /** How many keys a query sees at most; all before it when absent. */
  readonly window?: number;
  readonly output: Linear;
  /** Absent in a parallel block, whose feed-forward net reads what attention reads. */
  readonly feedNorm?: Norm;
  /** Gate and up, or the single inner layer. */
  readonly feed: Projection;
  readonly activation: Activation;
  readonly down: Linear;
}

/** What every block of one pass shares: shapes, positions, who sees whom, what falls out. */
export interface BlockSetting {
  readonly shape: AttentionShape;
  /** Absent where positions are learned. */
  readonly rotary?: RotaryTable;
  readonly visibility: Visibility;
  /** Of the inputs of LoRA factors, row by row; absent when nothing falls out. */
  readonly dropout?: Dropout;
}

/** What the backward pass of `mix` needs, beside the block's input. */
export type MixPass = {
  readonly attention: AttentionPass;
  /** Queries and keys before the norms of their heads. */
  readonly raw?: { readonly q: tf.Tensor; readonly k: tf.Tensor };
};

/** What the backward pass of `feed` needs. */
export type FeedPass = {
  readonly context: tf.Tensor;
  /** What the feed-forward net reads before its norm: the residual stream after attention, or before it in a parallel block. */
  readonly source: tf.Tensor;
  readonly parts: tf.Tensor[];
};

/** The attention of one block within a setting. */
export function windowed(block: BlockWeights, shape: AttentionShape): AttentionShape {
  return block.window === undefined ? shape : { ...shape, window: block.window };
}

/** How a block's queries and keys become what attention compares. */
export function turning(
  { headNorms }: BlockWeights,
  { shape, rotary }: { readonly shape: { readonly headSize: number }; readonly rotary?: RotaryTable },
): Turning {
  return { headSize: shape.headSize, headNorms, rotary };
}

/** First half of a block, the only one where tokens meet: `context = attention(norm(x))`, `[n, heads size]`. */
export function mix(
  block: BlockWeights,
  x: tf.Tensor,
  setting: BlockSetting,
): { context: tf.Tensor; pass: MixPass } {
  return tf.tidy(() => {
    const h = normalize(x, block.attentionNorm);
    return attend(block, project(block.projections, h, setting.dropout), setting);
  });
}

/** Attention over queries, keys and values as the projections gave them. */
export function attend(
  block: BlockWeights,
  [rawQ, rawK, v]: readonly tf.Tensor[],
  setting: BlockSetting,
): { context: tf.Tensor; pass: MixPass } {
  return tf.tidy(() => {
    const { q, k } = turn(rawQ, rawK, turning(block, setting));
    const { context, pass } = attention(q, k, v, windowed(block, setting.shape), setting.visibility);
    const raw = block.headNorms ? { raw: { q: rawQ, k: rawK } } : {};
    return { context, pass: { attention: pass, ...raw } };
  });
}

/** The gradients by what the projections gave, from that by the context. */
export function attendGradient(
  block: BlockWeights,
  setting: BlockSetting,
  pass: MixPass,
  dcontext: tf.Tensor,
  sink: GradientSink,
): tf.Tensor[] {
  return tf.tidy(() => {
    const shape = windowed(block, setting.shape);
    const { dq, dk, dv } = attentionGradient(pass.attention, shape, setting.visibility, dcontext);
    return [...turnGradient(pass.raw, dq, dk, turning(block, setting), sink), dv];
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
  sink: GradientSink,
  below: boolean,
): tf.Tensor | undefined {
  const { attentionNorm, projections } = block;
  return tf.tidy(() => {
    const dparts = attendGradient(block, setting, pass, dcontext, sink);
    const h = normalize(x, attentionNorm);
    projectionGradients(projections, h, dparts, sink, setting.dropout);
    if (!below && !wantsNorm(attentionNorm, sink)) return undefined;
    const dh = projectionInputGradient(projections, dparts, setting.dropout);
    return normalizeGradient(x, attentionNorm, dh, sink);
  });
}

/**
 * Second half of a block, row by row: `y = x + output(context) + down(activate(feed(norm(m))))`, `m = x + output(context)`, or `m = x` in a
 * parallel block.
 */
export function feed(
  block: BlockWeights,
  x: tf.Tensor,
  context: tf.Tensor,
  dropout?: Dropout,
): { y: tf.Tensor; pass: FeedPass } {
  return tf.tidy(() => {
    const middle = tf.add(x, applyLinear(block.output, context, dropout));
    const source = block.feedNorm ? middle : x;
    const h = normalize(source, block.feedNorm ?? block.attentionNorm);
    const parts = project(block.feed, h, dropout);
    const y = tf.add(middle, applyLinear(block.down, activate(block.activation, parts), dropout));
    return { y, pass: { context, source, parts } };
  });
}

/** Backward pass of `feed`: gradients by `x` (the residual stream) and by the context. */
export function feedGradient(
  block: BlockWeights,
  { context, source, parts }: FeedPass,
  dy: tf.Tensor,
  sink: GradientSink,
  dropout?: Dropout,
): { dx: tf.Tensor; dcontext: tf.Tensor } {
  return tf.tidy(() => {
    const dinner = inputGradient([[block.down, dy]], dropout);
    const { y: inner, dparts } = activateGradient(block.activation, parts, dinner);
    linearGradients(block.down, inner, dy, sink, dropout);
    const norm = block.feedNorm ?? block.attentionNorm;
    projectionGradients(block.feed, normalize(source, norm), dparts, sink, dropout);
    const dh = projectionInputGradient(block.feed, dparts, dropout);
    const dx = tf.add(dy, normalizeGradient(source, norm, dh, sink));
    // in a parallel block attention adds to the output itself, not to what the feed-forward net reads
    const doutput = block.feedNorm ? dx : dy;
    linearGradients(block.output, context, doutput, sink, dropout);
    return { dx, dcontext: inputGradient([[block.output, doutput]], dropout) };
  });
}

function wantsNorm({ weight, bias }: Norm, sink: GradientSink): boolean {
  return sink !== undefined && (sink.wants(weight) || (bias !== undefined && sink.wants(bias)));
}
