import * as tf from "@tensorflow/tfjs-core";
import { type AttentionShape, type FusedKernels, fusedKernels } from "../simd/fused.ts";
import { turnedMatMul } from "./turned-mat-mul.ts";

/** What a backward pass needs of a forward pass. Shapes: q `[n, heads size]`, k and v `[n, kvHeads size]`. */
export type AttentionPass = {
  readonly q: tf.Tensor;
  readonly k: tf.Tensor;
  readonly v: tf.Tensor;
  /** `softmax(q k' / sqrt(size) + mask)`, `[batch, heads, tokens, tokens]`; the fused kernel computes it again instead. */
  readonly probabilities?: tf.Tensor;
};

/** Which keys each query sees: the lengths of the sequences, `[batch]` int32, and, for the plain operations, an additive mask. */
export interface Visibility {
  readonly lengths: tf.Tensor;
  /** `[batch, 1, tokens, tokens]` by window, 0 where a query may look and very negative elsewhere. */
  readonly masks?: ReadonlyMap<number | undefined, tf.Tensor>;
}

/**
 * Causal attention with grouped heads, `context_h = softmax(q_h k_g' / sqrt(size)) v_g` over the keys that are visible, g the
 * group of head h; at most the last `shape.window` of them.
 *
 * @returns The context, `[n, heads size]`, and what `attentionGradient` needs.
 */
export function attention(
  q: tf.Tensor,
  k: tf.Tensor,
  v: tf.Tensor,
  shape: AttentionShape,
  { lengths, masks }: Visibility,
): { context: tf.Tensor; pass: AttentionPass } {
  if (!masks) return { context: requireKernels().attention(q, k, v, lengths, shape), pass: { q, k, v } };
  const { batch, tokens, heads, kvHeads, headSize, window } = shape;
  const mask = masks.get(window);
  if (!mask)
    throw new RangeError(`attention: "shape.window" must be one of the pass's windows, got ${window}`);
  return tf.tidy(() => {
    const keys = tf.transpose(tf.reshape(k, [batch, tokens, kvHeads, headSize]), [0, 2, 3, 1]);
    // the heads of a group are folded into the rows, so keys and values are never repeated
    const scores = tf.matMul(byGroup(q, shape, heads), tf.reshape(keys, [batch * kvHeads, headSize, tokens]));
    const scaled = tf.mul(tf.reshape(scores, [batch, heads, tokens, tokens]), 1 / Math.sqrt(headSize));
    const probabilities = tf.softmax(tf.add(scaled, mask));
    const context = flat(tf.matMul(rowsOf(probabilities, shape), byGroup(v, shape, kvHeads)), shape, heads);
    return { context, pass: { q, k, v, probabilities } };
  });
}

/** Gradients by q, k and v, flat as they came, from that by the context. */
export function attentionGradient(
  { q, k, v, probabilities }: AttentionPass,
  shape: AttentionShape,
  { lengths }: Visibility,
  dcontext: tf.Tensor,
): { dq: tf.Tensor; dk: tf.Tensor; dv: tf.Tensor } {
  if (!probabilities) return requireKernels().attentionGradient({ q, k, v, dcontext }, lengths, shape);
  const { heads, kvHeads, headSize } = shape;
  return tf.tidy(() => {
    const p = rowsOf(probabilities, shape);
    const dout = byGroup(dcontext, shape, heads);
    const dv = turnedMatMul(p, dout);
    const dp = tf.matMul(dout, tf.transpose(byGroup(v, shape, kvHeads), [0, 2, 1]));
    const along = tf.sum(tf.mul(dp, p), -1, true);
    const dscores = tf.mul(tf.mul(p, tf.sub(dp, along)), 1 / Math.sqrt(headSize));
    const dq = tf.matMul(dscores, byGroup(k, shape, kvHeads));
    const dk = turnedMatMul(dscores, byGroup(q, shape, heads));
    return { dq: flat(dq, shape, heads), dk: flat(dk, shape, kvHeads), dv: flat(dv, shape, kvHeads) };
  });
}

/**
 * Visibility of causal attention over right-padded sequences: query i sees the keys `0 .. min(i, length - 1)`, of those the last `window`
 * where there is one.
 *
 * @param windows - Every window that attention will be asked for.
 */
export function visibility(
  lengths: Int32Array,
  tokens: number,
  headSize: number,
  windows: readonly (number | undefined)[] = [undefined],
): Visibility {
  const known = tf.tensor1d(lengths, "int32");
  if (fusedKernels() && headSize % 4 === 0) return { lengths: known };
  return {
    lengths: known,
    masks: new Map(windows.map((window) => [window, causalMask(lengths, tokens, window ?? tokens)])),
  };
}

function requireKernels(): FusedKernels {
  const kernels = fusedKernels();
  if (!kernels) throw new Error("attention: the back end must stay the same during a pass");
  return kernels;
}

/** `[n, width size]` to `[batch kvHeads, (width / kvHeads) tokens, size]`. */
function byGroup(
  x: tf.Tensor,
  { batch, tokens, kvHeads, headSize }: AttentionShape,
  width: number,
): tf.Tensor {
  const byHead = tf.transpose(tf.reshape(x, [batch, tokens, width, headSize]), [0, 2, 1, 3]);
  return tf.reshape(byHead, [batch * kvHeads, (width / kvHeads) * tokens, headSize]);
}

function rowsOf(p: tf.Tensor, { batch, tokens, heads, kvHeads }: AttentionShape): tf.Tensor {
  return tf.reshape(p, [batch * kvHeads, (heads / kvHeads) * tokens, tokens]);
}

/** The inverse of `byGroup`. */
function flat(x: tf.Tensor, { batch, tokens, headSize }: AttentionShape, width: number): tf.Tensor {
  const byToken = tf.transpose(tf.reshape(x, [batch, width, tokens, headSize]), [0, 2, 1, 3]);
  return tf.reshape(byToken, [batch * tokens, width * headSize]);
}

function causalMask(lengths: Int32Array, tokens: number, window: number): tf.Tensor {
  const mask = new Float32Array(lengths.length * tokens * tokens).fill(-1e30);
  for (let b = 0; b < lengths.length; b++) {
    for (let i = 0; i < tokens; i++) {
      const from = (b * tokens + i) * tokens;
      // a sequence without a single token looks at its first position, so that no row is without a key
      const end = Math.min(i + 1, Math.max(lengths[b], 1));
      mask.fill(0, from + Math.max(end - window, 0), from + end);
    }
  }
  return tf.tensor(mask, [lengths.length, 1, tokens, tokens]);
}
