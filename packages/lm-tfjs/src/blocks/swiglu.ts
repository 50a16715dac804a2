import * as tf from "@tensorflow/tfjs-core";
import { fusedKernels } from "../simd/fused.ts";

/** `gate sigmoid(gate) up`, entry by entry. */
export function swiglu(gate: tf.Tensor, up: tf.Tensor): tf.Tensor {
  return fusedKernels()?.swiglu(gate, up) ?? tf.tidy(() => tf.mul(tf.mul(gate, tf.sigmoid(gate)), up));
}

/** Gradients by `gate` and `up` from that by the result, and the result `y` itself, which costs next to nothing beside them. */
export function swigluGradient(
  gate: tf.Tensor,
  up: tf.Tensor,
  dy: tf.Tensor,
): { y: tf.Tensor; dgate: tf.Tensor; dup: tf.Tensor } {
  const kernels = fusedKernels();
  if (kernels) return kernels.swigluGradient(gate, up, dy);
  return tf.tidy(() => {
    const sigmoid = tf.sigmoid(gate);
    const silu = tf.mul(gate, sigmoid);
    // silu' = sigmoid (1 + gate (1 - sigmoid)) = sigmoid (1 - silu) + silu
    const slope = tf.add(tf.mul(sigmoid, tf.sub(1, silu)), silu);
    return { y: tf.mul(silu, up), dgate: tf.mul(tf.mul(dy, up), slope), dup: tf.mul(dy, silu) };
  });
}
