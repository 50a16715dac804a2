import { type Matrix, matrix } from "@colm/array";
import { type Metric, similarity } from "@colm/submodular";

/** Features whose largest entry lies within these powers of two are compared as they are. */
const LARGEST_EXPONENT = 32;

/**
 * How alike all pairs of rows are, `[n, n]`, float32: scalar products, cosines, or `max(D) - D` of distances, up to one
 * positive factor. Very small or large features are scaled by a power of two first, so that their squares stay within float32.
 */
export function kernelMatrix(features: Matrix, metric: Metric): Float32Array {
  const largest = largestEntry(features);
  const exponent = largest === 0 ? 0 : Math.floor(Math.log2(largest));
  const near = Math.abs(exponent) <= LARGEST_EXPONENT ? features : scaled(features, 2 ** -exponent);
  const { data } = similarity(near, { metric });
  return data instanceof Float32Array ? data : Float32Array.from(data);
}

function largestEntry({ data, shape, stride, offset }: Matrix): number {
  let largest = 0;
  for (let i = 0; i < shape[0]; i++) {
    for (let j = 0, at = offset + i * stride[0]; j < shape[1]; j++, at += stride[1]) {
      const size = Math.abs(data[at]);
      if (size > largest) largest = size;
    }
  }
  return largest;
}

function scaled({ data, shape, stride, offset }: Matrix, factor: number): Matrix {
  const out = new Float32Array(shape[0] * shape[1]);
  for (let i = 0, to = 0; i < shape[0]; i++) {
    for (let j = 0, at = offset + i * stride[0]; j < shape[1]; j++, at += stride[1]) {
      out[to++] = data[at] * factor;
    }
  }
  return matrix(out, shape[0], shape[1]);
}
