import { type Matrix, matrix } from "@colm/array";

/** Rows whose mean is longer than this many times their spread are compared about it. */
const FAR = 8;

/**
 * The rows about their mean, `x_i - mean`, where that is far away, `|mean|^2 > 64 mean_i |x_i - mean|^2`; the features themselves
 * otherwise. Scalar products in float32 are then products of what tells rows apart, not of what they share.
 */
export function aboutMean(features: Matrix): Matrix {
  const { data, shape, stride, offset } = features;
  const [size, cols] = shape;
  const mean = new Float64Array(cols);
  for (let i = 0; i < size; i++) {
    for (let j = 0, at = offset + i * stride[0]; j < cols; j++, at += stride[1]) mean[j] += data[at] / size;
  }
  const out = data instanceof Float32Array ? new Float32Array(size * cols) : new Float64Array(size * cols);
  let spread = 0;
  for (let i = 0, to = 0; i < size; i++) {
    for (let j = 0, at = offset + i * stride[0]; j < cols; j++, at += stride[1]) {
      const difference = data[at] - mean[j];
      spread += (difference * difference) / size;
      out[to++] = difference;
    }
  }
  const square = mean.reduce((sum, x) => sum + x * x, 0);
  return square > FAR ** 2 * spread ? matrix(out, size, cols) : features;
}
