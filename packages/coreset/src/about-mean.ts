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
  let squares = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0, at = offset + i * stride[0]; j < cols; j++, at += stride[1]) {
      const x = data[at];
      mean[j] += x;
      squares += x * x;
    }
  }
  let length = 0;
  for (let j = 0; j < cols; j++) {
    mean[j] /= size;
    length += mean[j] * mean[j];
  }
  // of a mean so far that this difference is lost nothing but roundings is left, of either sign
  const spread = squares / size - length;
  if (!(length > FAR ** 2 * spread)) return features;
  const out = data instanceof Float32Array ? new Float32Array(size * cols) : new Float64Array(size * cols);
  for (let i = 0, to = 0; i < size; i++) {
    for (let j = 0, at = offset + i * stride[0]; j < cols; j++, at += stride[1])
      out[to++] = data[at] - mean[j];
  }
  return matrix(out, size, cols);
}
