import * as tf from "@tensorflow/tfjs-core";
import type { Dropout } from "./dropout.ts";
import { applyLinear, inputGradient, type Linear, linearGradients } from "./linear.ts";
import type { GradientSink } from "./parameter.ts";

/**
 * Several outputs of one input, `widths` wide: by one linear map each, or by a single fused one whose outputs stand side by side
 * (q, k, v in `qkv_proj`; gate, up in `gate_up_proj`).
 */
export interface Projection {
  readonly linears: readonly Linear[];
  readonly widths: readonly number[];
}

/** The outputs for `x` `[n, in]`. */
export function project({ linears, widths }: Projection, x: tf.Tensor, dropout?: Dropout): tf.Tensor[] {
  return tf.tidy(() => {
    const outputs = linears.map((linear) => applyLinear(linear, x, dropout));
    return linears.length === widths.length ? outputs : tf.split(outputs[0], [...widths], 1);
  });
}

/** Adds the gradients by the trainable parameters, given the input and the gradients by the outputs. */
export function projectionGradients(
  projection: Projection,
  x: tf.Tensor,
  dparts: readonly tf.Tensor[],
  sink: GradientSink,
  dropout?: Dropout,
): void {
  if (!sink) return;
  tf.tidy(() => {
    for (const [linear, dy] of paired(projection, dparts)) linearGradients(linear, x, dy, sink, dropout);
  });
}

/** The gradient by the input from those by the outputs. */
export function projectionInputGradient(
  projection: Projection,
  dparts: readonly tf.Tensor[],
  dropout?: Dropout,
): tf.Tensor {
  return tf.tidy(() => inputGradient(paired(projection, dparts), dropout));
}

/** Each linear map with the gradient by its output. */
function paired(
  { linears, widths }: Projection,
  dparts: readonly tf.Tensor[],
): (readonly [Linear, tf.Tensor])[] {
  if (linears.length === widths.length) return linears.map((linear, i) => [linear, dparts[i]]);
  return [[linears[0], tf.concat([...dparts], 1)]];
}
