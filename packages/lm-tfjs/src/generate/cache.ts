import * as tf from "@tensorflow/tfjs-core";
import { takeRows } from "../blocks/rows.ts";
import type { ModelConfig } from "../checkpoint/model-config.ts";

/** What one block remembers: keys `[sequences kvHeads, size, columns]` and values `[sequences kvHeads, columns, size]`. */
export type BlockCache = {
  readonly keys: tf.Tensor;
  readonly values: tf.Tensor;
  /** The number of its first column: those before are forgotten. */
  readonly from: number;
};

/** The cache with the keys and values of further tokens, `[sequences tokens, kvHeads size]`, behind it. */
export function extended(
  before: BlockCache | undefined,
  k: tf.Tensor,
  v: tf.Tensor,
  { numKeyValueHeads: kvHeads, headDim }: ModelConfig,
  sequences: number,
): BlockCache {
  const tokens = k.shape[0] / sequences;
  const split = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [sequences, tokens, kvHeads, headDim]);
  const keys = tf.reshape(tf.transpose(split(k), [0, 2, 3, 1]), [sequences * kvHeads, headDim, tokens]);
  const values = tf.reshape(tf.transpose(split(v), [0, 2, 1, 3]), [sequences * kvHeads, tokens, headDim]);
  if (!before) return { keys, values, from: 0 };
  return {
    keys: tf.concat([before.keys, keys], 2),
    values: tf.concat([before.values, values], 1),
    from: before.from,
  };
}

/** The cache from column number `from` on. */
export function withoutColumns(cache: BlockCache, from: number): BlockCache {
  if (from <= cache.from) return cache;
  const gone = from - cache.from;
  return {
    keys: tf.slice(cache.keys, [0, 0, gone]),
    values: tf.slice(cache.values, [0, gone, 0]),
    from,
  };
}

/** The cache of the sequences at these places; the cache itself is freed. */
export function takenSequences(cache: BlockCache, places: Int32Array, sequences: number): BlockCache {
  const take = (x: tf.Tensor): tf.Tensor =>
    tf.tidy(() => {
      const [heads, ...rest] = x.shape;
      const rows = takeRows(tf.reshape(x, [sequences, -1]), places);
      return tf.reshape(rows, [(heads / sequences) * places.length, ...rest]);
    });
  const taken = { keys: take(cache.keys), values: take(cache.values), from: cache.from };
  tf.dispose([cache.keys, cache.values]);
  return taken;
}

/**
 * Attention of further tokens over everything remembered, themselves included.
 *
 * @param q - Queries, `[sequences tokens, heads size]`.
 * @param mask - Which columns each token may look at, `[sequences, 1, tokens, columns]`; all of them without it.
 * @returns The context, as `q` lies.
 */
export function look(
  q: tf.Tensor,
  { keys, values }: BlockCache,
  { numAttentionHeads: heads, numKeyValueHeads: kvHeads, headDim }: ModelConfig,
  sequences: number,
  mask: tf.Tensor | undefined,
): tf.Tensor {
  const tokens = q.shape[0] / sequences;
  const columns = keys.shape[2] ?? 0;
  // the heads of a group are folded into the rows, so keys and values are never repeated
  const grouped = [sequences * kvHeads, (heads / kvHeads) * tokens];
  const byHead = tf.transpose(tf.reshape(q, [sequences, tokens, heads, headDim]), [0, 2, 1, 3]);
  const scores = tf.mul(tf.matMul(tf.reshape(byHead, [...grouped, headDim]), keys), 1 / Math.sqrt(headDim));
  const masked = mask
    ? tf.reshape(tf.add(tf.reshape(scores, [sequences, heads, tokens, columns]), mask), [...grouped, columns])
    : scores;
  const context = tf.reshape(tf.matMul(tf.softmax(masked), values), [sequences, heads, tokens, headDim]);
  return tf.reshape(tf.transpose(context, [0, 2, 1, 3]), q.shape);
}
