import * as tf from "@tensorflow/tfjs-core";
import { fusedKernels } from "../simd/fused.ts";

/** Cosines and sines of the rotary embedding, each `[tokens, turned / 2]`, `turned` of a head's entries being rotated. */
export interface RotaryTable {
  readonly cosine: tf.Tensor;
  readonly sine: tf.Tensor;
}

/**
 * The table for positions `start .. start + tokens - 1`: angle `position frequencies[i]`.
 *
 * @remarks Su et al., "RoFormer" (2021), eq. 15. Angles in float64.
 */
export function rotaryTable(frequencies: Float64Array, tokens: number, start = 0): RotaryTable {
  const half = frequencies.length;
  const cosine = new Float32Array(tokens * half);
  const sine = new Float32Array(tokens * half);
  for (let t = 0; t < tokens; t++) {
    for (let i = 0; i < half; i++) {
      const angle = (start + t) * frequencies[i];
      cosine[t * half + i] = Math.cos(angle);
      sine[t * half + i] = Math.sin(angle);
    }
  }
  return { cosine: tf.tensor(cosine, [tokens, half]), sine: tf.tensor(sine, [tokens, half]) };
}

/**
 * Rotates every head of `x` `[batch tokens, heads headSize]` by its position: with a and b the halves of its first entries, as many as
 * the table has angles for, `(a cos - b sin, b cos + a sin)`, the layout of Hugging Face checkpoints; the other entries stay. With `sign`
 * -1 backwards, which is also the gradient.
 */
export function rotate(
  x: tf.Tensor,
  { cosine, sine }: RotaryTable,
  headSize: number,
  sign: 1 | -1 = 1,
): tf.Tensor {
  const kernels = fusedKernels();
  if (kernels) return kernels.rotate(x, cosine, sine, headSize, sign);
  return tf.tidy(() => {
    const [rows, width] = x.shape;
    const [tokens, half] = cosine.shape;
    const rest = headSize - 2 * half;
    const byHead = tf.reshape(x, [rows / tokens, tokens, width / headSize, headSize]);
    const [a, b, kept] = tf.split(byHead, rest > 0 ? [half, half, rest] : [half, half], 3);
    const cos = tf.reshape(cosine, [tokens, 1, half]);
    const sin = tf.mul(tf.reshape(sine, [tokens, 1, half]), sign);
    const turned = [tf.sub(tf.mul(a, cos), tf.mul(b, sin)), tf.add(tf.mul(b, cos), tf.mul(a, sin))];
    return tf.reshape(tf.concat(rest > 0 ? [...turned, kept] : turned, 3), x.shape);
  });
}
