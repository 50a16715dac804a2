import * as tf from "@tensorflow/tfjs-core";

/**
 * `a' b`, of matrices or of equally many in two batches, by the plain operation.
 *
 * @remarks On the wasm back end `a` is turned first: products by transpose flags are far slower there. On the webgpu back
 *   end the flag of the first factor saves its transpose; that of the second would give up programs that read four entries at a time.
 */
export function turnedMatMul(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  if (tf.getBackend() !== "wasm") return tf.matMul(a, b, true);
  return tf.tidy(() => {
    const axes = a.shape.map((_, axis) => axis);
    return tf.matMul(tf.transpose(a, [...axes.slice(0, -2), a.rank - 1, a.rank - 2]), b);
  });
}
