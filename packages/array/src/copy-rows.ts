import type { Matrix } from "./matrix.ts";

/**
 * Copies rows of a matrix into a row-major array as float32, `out[(place + i) * cols + j] = M[first + i, j]`.
 *
 * @param out - Filled from row `place` on; it must have room for `place + count` rows.
 * @param place - The first row of `out` to be written.
 * @param m - `[rows, cols]`, any strides and offset. Read only.
 * @param first - The first row to be copied.
 * @param count - How many rows.
 * @throws {RangeError} If `out` is too short for rows that are copied at once.
 * @remarks Takes O(count * cols); rows that lie one after the other are copied at once. Checks nothing else.
 * @example
 * const out = new Float32Array(4);
 * copyRows(out, 1, matrix(Float64Array.of(1, 2, 3, 4, 5, 6), 3, 2), 2, 1);
 * out; // => Float32Array [0, 0, 5, 6]
 */
export function copyRows(out: Float32Array, place: number, m: Matrix, first: number, count: number): void {
  const { data, stride } = m;
  const size = m.shape[1];
  const [rowStride, colStride] = stride;
  const start = m.offset + first * rowStride;
  if (colStride === 1 && (rowStride === size || count === 1)) {
    out.set(data.subarray(start, start + count * size), place * size);
    return;
  }
  for (let i = 0, to = place * size; i < count; i++) {
    for (let j = 0, at = start + i * rowStride; j < size; j++, at += colStride) out[to++] = data[at];
  }
}
