import * as tf from "@tensorflow/tfjs-core";
import { fusedKernels } from "../simd/fused.ts";
import type { GradientSink, Parameter } from "./parameter.ts";

/** `y = w (x - c) / sqrt(mean((x - c)^2) + epsilon) + b`: RMSNorm with `c = 0`, LayerNorm, `centred`, with `c` the mean of the row. */
export interface Norm {
  readonly weight: Parameter;
  readonly bias?: Parameter;
  readonly centred: boolean;
  readonly epsilon: number;
}

/**
 * The norm over the last axis of `x` `[n, d]`.
 *
 * @remarks Zhang & Sennrich, "Root Mean Square Layer Normalization" (2019), eq. 4; Ba, Kiros & Hinton, "Layer Normalization" (2016), eq. 4.
 */
export function normalize(x: tf.Tensor, norm: Norm): tf.Tensor {
  const { weight, bias } = norm;
  const kernels = fusedKernels();
  if (kernels) return kernels.norm(x, weight.value, bias?.value, norm);
  return tf.tidy(() => {
    const scaled = tf.mul(standardize(x, norm).normal, weight.value);
    return bias ? tf.add(scaled, bias.value) : scaled;
  });
}

/** `dx` from `dy`; adds the gradients by weight and bias. Recomputes the scale of each row instead of storing it. */
export function normalizeGradient(x: tf.Tensor, norm: Norm, dy: tf.Tensor, sink: GradientSink): tf.Tensor {
  const { weight, bias } = norm;
  const wanted = sink?.wants(weight) ?? false;
  return tf.tidy(() => {
    const kernels = fusedKernels();
    const { dx, terms } = kernels
      ? kernels.normGradient(x, weight.value, dy, norm, wanted)
      : plainGradient(x, norm, dy, wanted);
    if (wanted && terms) sink?.addRows(weight, terms);
    if (bias && sink?.wants(bias)) sink.addRows(bias, dy);
    return dx;
  });
}

function plainGradient(
  x: tf.Tensor,
  norm: Norm,
  dy: tf.Tensor,
  withTerms: boolean,
): { dx: tf.Tensor; terms?: tf.Tensor } {
  const { normal, scale } = standardize(x, norm);
  const dnormal = tf.mul(dy, norm.weight.value);
  const along = tf.mean(tf.mul(dnormal, normal), -1, true);
  const free = tf.sub(dnormal, tf.mul(normal, along));
  const change = norm.centred ? tf.sub(free, tf.mean(dnormal, -1, true)) : free;
  const dx = tf.mul(change, scale);
  return withTerms ? { dx, terms: tf.mul(dy, normal) } : { dx };
}

function standardize(x: tf.Tensor, { centred, epsilon }: Norm): { normal: tf.Tensor; scale: tf.Tensor } {
  const shifted = centred ? tf.sub(x, tf.mean(x, -1, true)) : x;
  const scale = tf.rsqrt(tf.add(tf.mean(tf.square(shifted), -1, true), epsilon));
  return { normal: tf.mul(shifted, scale), scale };
}
