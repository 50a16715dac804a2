import { largestEntry, type Matrix, matrix } from "@colm/array";

/**
 * Features whose largest entry lies between `2^-most` and `2^most`: they themselves, or scaled by the power of two that brings it
 * to 1, into an array that `make` gives. Ratios of lengths stay what they are, and squares stay within the floats.
 */
export function withinPowers(
  features: Matrix,
  most: number,
  make: (size: number) => Float32Array | Float64Array,
): Matrix {
  const { data, shape, stride, offset } = features;
  const [rows, cols] = shape;
  const largest = largestEntry(features);
  const exponent = largest === 0 ? 0 : Math.floor(Math.log2(largest));
  if (Math.abs(exponent) <= most) return features;
  // 2^1023 is the last power, and takes the smallest float64 near enough
  const factor = 2 ** Math.min(1023, -exponent);
  const out = make(rows * cols);
  for (let i = 0, to = 0; i < rows; i++) {
    for (let j = 0, at = offset + i * stride[0]; j < cols; j++, at += stride[1]) {
      out[to++] = data[at] * factor;
    }
  }
  return matrix(out, rows, cols);
}

/** Float64 features so that squares of their lengths, and products of those, stay within float64. */
export function withinSquares(features: Matrix): Matrix {
  return withinPowers(features, SQUARES, (size) => new Float64Array(size));
}

/** Features of which float32 holds the largest entry. */
export function withinFloat32(features: Matrix): Matrix {
  return withinPowers(features, FLOAT32, (size) => new Float32Array(size));
}

/** Every float32 is below the next power of two. */
const FLOAT32 = 127;

/** Beyond every float32, and a square of a square of it is still far from the end of float64. */
const SQUARES = 160;
