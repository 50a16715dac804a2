import * as tf from "@tensorflow/tfjs-core";
import { addGradient, type GradientSink, isWanted, type Parameter } from "./parameter.ts";

/** `y = w x / sqrt(mean(x^2) + epsilon)` over the last axis of `x` `[n, d]`. */
export function rmsNorm(x: tf.Tensor, weight: Parameter, epsilon: number): tf.Tensor {
  return tf.tidy(() => tf.mul(tf.mul(x, inverseRms(x, epsilon)), weight.value));
}

/** `dx` from `dy`; adds the gradient by the weight. Recomputes the scale of each row instead of storing it. */
export function rmsNormGradient(
  x: tf.Tensor,
  weight: Parameter,
  epsilon: number,
  dy: tf.Tensor,
  gradients: GradientSink,
): tf.Tensor {
  return tf.tidy(() => {
    const scale = inverseRms(x, epsilon);
    const normal = tf.mul(x, scale);
    if (isWanted(weight, gradients)) {
      // a product with a row of ones: summing over axis 0 is 10 times slower on the wasm back end
      const ones = tf.ones([1, x.shape[0]]);
      addGradient(gradients, weight, tf.reshape(tf.matMul(ones, tf.mul(dy, normal)), weight.value.shape));
    }
    const dnormal = tf.mul(dy, weight.value);
    const along = tf.mean(tf.mul(dnormal, normal), -1, true);
    return tf.mul(tf.sub(dnormal, tf.mul(normal, along)), scale);
  });
}

function inverseRms(x: tf.Tensor, epsilon: number): tf.Tensor {
  return tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), epsilon));
}
