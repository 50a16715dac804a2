import type { Matrix } from "./matrix.ts";

/**
 * The largest entry of a matrix by size, `max_ij |M[i, j]|`.
 *
 * @param m - `[rows, cols]`, any strides, checked. Read only.
 * @returns Its size; 0 where there is no entry.
 * @remarks Takes O(rows * cols).
 * @example
 * largestEntry(matrix(Float32Array.of(1, -3, 2, 0), 2, 2)); // => 3
 */
export function largestEntry({ data, shape, stride, offset }: Matrix): number {
  let largest = 0;
  for (let i = 0; i < shape[0]; i++) {
    for (let j = 0, at = offset + i * stride[0]; j < shape[1]; j++, at += stride[1]) {
      const size = Math.abs(data[at]);
      if (size > largest) largest = size;
    }
  }
  return largest;
}
