import * as tf from "@tensorflow/tfjs-core";

/** Sizes of one attention call: `batch` sequences of `tokens`, `heads` query heads over `kvHeads` key-value heads. */
export interface AttentionShape {
  readonly batch: number;
  readonly tokens: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
}

/** What a backward pass needs of a forward pass. Shapes: q `[n, heads size]`, k and v `[n, kvHeads size]`. */
export type AttentionPass = {
  readonly q: tf.Tensor;
  readonly k: tf.Tensor;
  readonly v: tf.Tensor;
  /** `softmax(q k' / sqrt(size) + mask)`, `[batch, heads, tokens, tokens]`. */
  readonly probabilities: tf.Tensor;
};

/**
 * Causal attention with grouped heads, `context_h = softmax(q_h k_g' / sqrt(size) + mask) v_g`, g the group of head h.
 *
 * @param mask - `[batch or 1, 1, tokens, tokens]`, 0 where a query may look and very negative elsewhere.
 * @returns The context, `[n, heads size]`, and what `attentionGradient` needs.
 * @remarks The heads of a group are folded into the rows, so keys and values are never repeated.
 */
export function attention(
  q: tf.Tensor,
  k: tf.Tensor,
  v: tf.Tensor,
  shape: AttentionShape,
  mask: tf.Tensor,
): { context: tf.Tensor; pass: AttentionPass } {
  const { batch, tokens, heads, kvHeads, headSize } = shape;
  return tf.tidy(() => {
    const keys = tf.transpose(tf.reshape(k, [batch, tokens, kvHeads, headSize]), [0, 2, 3, 1]);
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
  dcontext: tf.Tensor,
): { dq: tf.Tensor; dk: tf.Tensor; dv: tf.Tensor } {
  const { heads, kvHeads, headSize } = shape;
  return tf.tidy(() => {
    const p = rowsOf(probabilities, shape);
    const dout = byGroup(dcontext, shape, heads);
    const dv = tf.matMul(tf.transpose(p, [0, 2, 1]), dout);
    const dp = tf.matMul(dout, tf.transpose(byGroup(v, shape, kvHeads), [0, 2, 1]));
    const along = tf.sum(tf.mul(dp, p), -1, true);
    const dscores = tf.mul(tf.mul(p, tf.sub(dp, along)), 1 / Math.sqrt(headSize));
    const dq = tf.matMul(dscores, byGroup(k, shape, kvHeads));
    const dk = tf.matMul(tf.transpose(dscores, [0, 2, 1]), byGroup(q, shape, heads));
    return { dq: flat(dq, shape, heads), dk: flat(dk, shape, kvHeads), dv: flat(dv, shape, kvHeads) };
  });
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

/** The additive mask of causal attention over right-padded sequences: query i sees key j if `j <= i` and `j < length`. */
export function causalMask(lengths: Int32Array, tokens: number): tf.Tensor {
  const mask = new Float32Array(lengths.length * tokens * tokens).fill(-1e30);
  for (let b = 0; b < lengths.length; b++) {
    for (let i = 0; i < tokens; i++) {
      const from = (b * tokens + i) * tokens;
      // a sequence without a single token looks at its first position, so that no row is without a key
      mask.fill(0, from, from + Math.min(i + 1, Math.max(lengths[b], 1)));
    }
  }
  return tf.tensor(mask, [lengths.length, 1, tokens, tokens]);
}
