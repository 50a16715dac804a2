import * as tf from "@tensorflow/tfjs-core";
import { type Factors, fusedKernels } from "../simd/fused.ts";
import { turnedMatMul } from "./turned-mat-mul.ts";

/**
 * `sum_i a_i b_i` for pairs of tall `a_i` `[n, k_i]` and `b_i` `[k_i, width]`, which may lie `turned`, `[width, k_i]`. The same row of
 * `a_i` gives the same bits whatever stands above and below it.
 */
export function sumOfProducts(pairs: readonly Factors[]): tf.Tensor {
  const plain = (): tf.Tensor =>
    tf.tidy(() => tf.addN(pairs.map(([a, b, turned]) => (turned ? byTurned(a, b) : tf.matMul(a, b)))));
  return fusedKernels()?.sumOfProducts(pairs) ?? plain();
}

/** `a b'`; of one row without turning `b`, which would cost more than the product. */
function byTurned(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const [rows, depth] = a.shape;
  if (rows > 1) return tf.matMul(a, tf.transpose(b));
  return tf.reshape(tf.matMul(b, tf.reshape(a, [depth, 1])), [1, b.shape[0]]);
}

/** `a b` for tall `a`. */
export function product(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return sumOfProducts([[a, b]]);
}

/** `a b'` for tall `a`; the transpose is never made where the kernels run. */
export function productWithTransposed(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return sumOfProducts([[a, b, true]]);
}

/** `a' b` for tall a and b; over the rows `[start, end)` alone where they are given, of which there must be one. */
export function transposedProduct(
  a: tf.Tensor,
  b: tf.Tensor,
  rows?: readonly [start: number, end: number],
): tf.Tensor {
  const kernels = fusedKernels();
  if (kernels) return kernels.transposedProduct(a, b, rows);
  return tf.tidy(() => turnedMatMul(someRows(a, rows), someRows(b, rows)));
}

function someRows(x: tf.Tensor, rows: readonly [start: number, end: number] | undefined): tf.Tensor {
  return rows ? tf.slice(x, [rows[0], 0], [rows[1] - rows[0], x.shape[1] ?? -1]) : x;
}
