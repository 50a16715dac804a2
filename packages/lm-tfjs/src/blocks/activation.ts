import type * as tf from "@tensorflow/tfjs-core";
import { gelu, geluGradient } from "./gelu.ts";
import { swiglu, swigluGradient } from "./swiglu.ts";

/** What stands between the two layers of a feed-forward net: `swiglu` takes two inputs, gate and up; the others one. */
export type Activation = "swiglu" | "gelu" | "gelu_tanh";

/** The activation of its one or two inputs, each `[n, inner]`. */
export function activate(kind: Activation, parts: readonly tf.Tensor[]): tf.Tensor {
  const [first, second] = parts;
  return kind === "swiglu" ? swiglu(first, second) : gelu(first, kind === "gelu");
}

/** The gradient by each input from that by the result, and the result `y` computed again. */
export function activateGradient(
  kind: Activation,
  parts: readonly tf.Tensor[],
  dy: tf.Tensor,
): { y: tf.Tensor; dparts: tf.Tensor[] } {
  const [first, second] = parts;
  if (kind !== "swiglu") {
    return { y: activate(kind, parts), dparts: [geluGradient(first, dy, kind === "gelu")] };
  }
  const { y, dgate, dup } = swigluGradient(first, second, dy);
  return { y, dparts: [dgate, dup] };
}
