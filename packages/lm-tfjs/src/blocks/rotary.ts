import * as tf from "@tensorflow/tfjs-core";

/** Cosines and sines of the rotary embedding, `[tokens, 1, size]`, and the matrix that turns a half, `[size, size]`. */
export interface RotaryTable {
  readonly cosine: tf.Tensor;
  readonly sine: tf.Tensor;
  readonly halfTurn: tf.Tensor;
}

/**
 * The table for positions `start .. start + tokens - 1`: angle `position frequencies[i]` at entries `i` and `i + size / 2`.
 *
 * @remarks Su et al., "RoFormer" (2021), eq. 15, in the halves layout of Hugging Face checkpoints. Angles in float64.
 */
export function rotaryTable(frequencies: Float64Array, tokens: number, start = 0): RotaryTable {
  const half = frequencies.length;
  const size = 2 * half;
  const cosine = new Float32Array(tokens * size);
  const sine = new Float32Array(tokens * size);
  for (let t = 0; t < tokens; t++) {
    for (let i = 0; i < size; i++) {
      const angle = (start + t) * frequencies[i % half];
      cosine[t * size + i] = Math.cos(angle);
      sine[t * size + i] = Math.sin(angle);
    }
  }
  const halfTurn = new Float32Array(size * size);
  for (let i = 0; i < half; i++) {
    halfTurn[(i + half) * size + i] = -1;
    halfTurn[i * size + i + half] = 1;
  }
  return {
    cosine: tf.tensor(cosine, [tokens, 1, size]),
    sine: tf.tensor(sine, [tokens, 1, size]),
    halfTurn: tf.tensor(halfTurn, [size, size]),
  };
}

/**
 * Rotates every head of `x` `[batch tokens, heads size]` by its position, `y = x cos + (x halfTurn) sin`.
 * The product with a signed permutation is exact and, on wasm, cheaper than cutting and joining halves.
 */
export function rotate(x: tf.Tensor, { cosine, sine, halfTurn }: RotaryTable): tf.Tensor {
  return tf.tidy(() => {
    const [rows, width] = x.shape;
    const [tokens, , size] = cosine.shape;
    const byHead = [rows / tokens, tokens, width / size, size];
    const turned = tf.matMul(tf.reshape(x, [-1, size]), halfTurn);
    const y = tf.add(tf.mul(tf.reshape(x, byHead), cosine), tf.mul(tf.reshape(turned, byHead), sine));
    return tf.reshape(y, x.shape);
  });
}

/** The transpose of `rotate`: the rotation backwards. */
export function rotateBack(dy: tf.Tensor, table: RotaryTable): tf.Tensor {
  return tf.tidy(() => rotate(dy, { ...table, sine: tf.neg(table.sine) }));
}
