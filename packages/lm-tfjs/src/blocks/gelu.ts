import * as tf from "@tensorflow/tfjs-core";
import { fusedKernels } from "../simd/fused.ts";

/**
 * `x Phi(x)`, Phi the distribution function of the standard normal, or its approximation by tanh where `exact` is false.
 *
 * @remarks Hendrycks & Gimpel, "Gaussian Error Linear Units" (2016), sec. 2. `(1 + tanh(u)) / 2` is computed as `sigmoid(2 u)`.
 */
export function gelu(x: tf.Tensor, exact: boolean): tf.Tensor {
  return fusedKernels()?.gelu(x, exact) ?? tf.tidy(() => tf.mul(x, share(x, exact)));
}

/** The gradient by `x` from that by the result. */
export function geluGradient(x: tf.Tensor, dy: tf.Tensor, exact: boolean): tf.Tensor {
  const kernels = fusedKernels();
  if (kernels) return kernels.geluGradient(x, dy, exact);
  return tf.tidy(() => {
    const p = share(x, exact);
    if (exact) {
      const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      return tf.mul(dy, tf.add(p, tf.mul(x, density)));
    }
    const rise = tf.mul(tf.add(tf.mul(tf.square(x), 3 * CUBIC), 1), LINEAR);
    return tf.mul(dy, tf.add(p, tf.mul(tf.mul(x, rise), tf.mul(p, tf.sub(1, p)))));
  });
}

const LINEAR = 2 * Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

function share(x: tf.Tensor, exact: boolean): tf.Tensor {
  if (exact) return tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);
  return tf.sigmoid(tf.mul(x, tf.mul(tf.add(tf.mul(tf.square(x), CUBIC), 1), LINEAR)));
}
