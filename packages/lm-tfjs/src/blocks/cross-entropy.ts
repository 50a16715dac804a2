import * as tf from "@tensorflow/tfjs-core";
import { fusedKernels } from "../simd/fused.ts";

/** Logits that exist at a time: 8 MiB, so that memory grows neither with the batch nor, beyond a row, with the vocabulary. */
const CHUNK_ENTRIES = 2 ** 21;

/**
 * Cross-entropy of each row of logits `[n, vocabulary]`, `log sum_j exp(z_j) - z_target`, and the softmax.
 *
 * @param logits - Used up where `softmax` is true: the probabilities may stand in their place.
 * @param softmax - Whether the probabilities are wanted; without, they may be anything.
 * @remarks `log sum_j exp(z_j) = max z - log max p`: one softmax serves loss and gradient, and nothing overflows. The kernel sums
 *   exponentials in float64.
 */
export function crossEntropy(
  logits: tf.Tensor,
  targets: Int32Array,
  softmax: boolean,
): { losses: tf.Tensor; probabilities: tf.Tensor } {
  const kernels = fusedKernels();
  return tf.tidy(() => {
    if (kernels) {
      const { gaps, sums } = kernels.crossEntropy(logits, tf.tensor1d(targets, "int32"), softmax);
      return { losses: tf.add(gaps, tf.log(sums)), probabilities: logits };
    }
    const probabilities = tf.softmax(logits);
    const rows = tf.range(0, targets.length, 1, "int32");
    const largest = tf.stack([rows, tf.argMax(logits, -1)], 1);
    const target = tf.stack([rows, tf.tensor1d(targets, "int32")], 1);
    const gap = tf.sub(tf.gatherND(logits, largest), tf.gatherND(logits, target));
    return { losses: tf.sub(gap, tf.log(tf.gatherND(probabilities, largest))), probabilities };
  });
}

/** Calls `visit` on successive rows of `h`, so many at a time that their logits stay within one chunk. */
export function byChunks<T extends tf.TensorContainer>(
  h: tf.Tensor,
  targets: Int32Array,
  vocabulary: number,
  visit: (rows: tf.Tensor, targets: Int32Array, from: number) => T,
): T[] {
  const size = Math.max(1, Math.floor(CHUNK_ENTRIES / vocabulary));
  const [, width] = h.shape;
  const results: T[] = [];
  for (let from = 0; from < targets.length; from += size) {
    const ids = targets.subarray(from, from + size);
    const visitChunk = (): T =>
      visit(ids.length === targets.length ? h : tf.slice(h, [from, 0], [ids.length, width]), ids, from);
    results.push(tf.tidy(visitChunk));
  }
  return results;
}

/** The rows of all chunks, in order; zeros of shape `empty` when there is none. */
export function joinChunks(parts: tf.Tensor[], empty: number[]): tf.Tensor {
  if (parts.length === 0) return tf.zeros(empty);
  return parts.length === 1 ? parts[0] : tf.concat(parts, 0);
}
