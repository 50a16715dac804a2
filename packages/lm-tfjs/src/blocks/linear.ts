import * as tf from "@tensorflow/tfjs-core";
import { addGradient, type GradientSink, isWanted, type Parameter } from "./parameter.ts";
import { product, transposedProduct } from "./product.ts";

/** `y = x W'`, `W = weight + scale up down`, the low-rank term only with an adapter. Weights lie as `[out, in]`. */
export interface Linear {
  readonly weight: Parameter;
  readonly adapter?: Adapter;
}

/** A LoRA pair: `down` (PEFT's lora_A) is `[rank, in]`, `up` (lora_B) `[out, rank]`, `scale` is alpha / rank. */
export interface Adapter {
  readonly down: Parameter;
  readonly up: Parameter;
  readonly scale: number;
}

/**
 * The weight that acts, `[out, in]`. Merging costs one small product per pass and saves the adapter's two skinny
 * products over all tokens; without an adapter it is the variable itself, so never dispose of the result outside a tidy.
 */
export function mergedWeight({ weight, adapter }: Linear): tf.Tensor {
  if (!adapter) return weight.value;
  return tf.tidy(() =>
    tf.add(weight.value, tf.mul(tf.matMul(adapter.up.value, adapter.down.value), adapter.scale)),
  );
}

/** `y = x W'` for rows `x` `[n, in]`. The transpose is explicit: the wasm back end is 10 times slower with a flag. One row needs none. */
export function applyLinear(x: tf.Tensor, merged: tf.Tensor): tf.Tensor {
  const [rows, inputs] = x.shape;
  const [outputs] = merged.shape;
  return tf.tidy(() =>
    rows === 1
      ? tf.reshape(tf.matMul(merged, tf.reshape(x, [inputs, 1])), [1, outputs])
      : product(x, tf.transpose(merged)),
  );
}

/** Adds the gradients by the trainable parameters of one linear map, given its input and the gradient by its output. */
export function linearGradients(linear: Linear, x: tf.Tensor, dy: tf.Tensor, gradients: GradientSink): void {
  const { weight, adapter } = linear;
  tf.tidy(() => {
    if (isWanted(weight, gradients)) addGradient(gradients, weight, transposedProduct(dy, x));
    if (adapter && isWanted(adapter.up, gradients)) {
      const low = product(x, tf.transpose(adapter.down.value));
      const up = tf.transpose(transposedProduct(low, dy));
      addGradient(gradients, adapter.up, tf.mul(up, adapter.scale));
    }
    if (adapter && isWanted(adapter.down, gradients)) {
      const low = product(dy, adapter.up.value);
      addGradient(gradients, adapter.down, tf.mul(transposedProduct(low, x), adapter.scale));
    }
  });
}
