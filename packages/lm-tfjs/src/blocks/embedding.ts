import * as tf from "@tensorflow/tfjs-core";
import type { GradientSum } from "./gradient-sum.ts";
import { type Parameter, rowsOf } from "./parameter.ts";
import { scatterRows } from "./rows.ts";

/** Where token ids become vectors: one row each, and one for their position where positions are learned. */
export interface EmbeddingWeights {
  readonly embedding: Parameter;
  readonly positions?: Parameter;
}

/**
 * The vectors of sequences of `tokens` tokens, `[ids.length, hidden]`.
 *
 * @param start - Position of each sequence's first token.
 */
export function embed(
  { embedding, positions }: EmbeddingWeights,
  ids: Int32Array,
  tokens: number,
  start = 0,
): tf.Tensor {
  if (!positions) return rowsOf(embedding, ids);
  return tf.tidy(() => tf.add(rowsOf(embedding, ids), rowsOf(positions, places(ids, tokens, start))));
}

/** Adds the gradients by the tables from that by the vectors of whole sequences. */
export function embedGradient(
  { embedding, positions }: EmbeddingWeights,
  ids: Int32Array,
  tokens: number,
  dx: tf.Tensor,
  sum: GradientSum,
): void {
  tf.tidy(() => {
    if (sum.wants(embedding)) sum.add(embedding, scatterRows(dx, ids, embedding.value.shape[0]));
    if (positions && sum.wants(positions)) {
      sum.add(positions, scatterRows(dx, places(ids, tokens, 0), positions.value.shape[0]));
    }
  });
}

function places(ids: Int32Array, tokens: number, start: number): Int32Array {
  return ids.map((_, i) => start + (i % tokens));
}
