import ndarray, { type NdArray } from "ndarray";
import { describe } from "./describe.ts";
import { requireNatural } from "./require.ts";

/**
 * A two-dimensional `ndarray` over `Float32Array` or `Float64Array`. Entry `(i, j)` stands at
 * `data[offset + i * stride[0] + j * stride[1]]`; every function of the `@colm` packages reads any
 * stride and offset correctly and returns row-major results of its own.
 */
export type Matrix = NdArray<Float32Array | Float64Array>;

/**
 * A row-major `[rows, cols]` view of `data`, `M[i, j] = data[i * cols + j]`.
 *
 * @param data - `rows * cols` entries. Kept, not copied: writing to it changes the matrix.
 * @param rows - Number of rows, an integer of at least 0.
 * @param cols - Number of columns, an integer of at least 0.
 * @returns The view; the caller still owns `data`.
 * @throws {TypeError} If `data` is neither a `Float32Array` nor a `Float64Array`.
 * @throws {RangeError} If a size is not a natural number or `data` has another length.
 * @remarks Takes O(1).
 * @example
 * const m = matrix(Float32Array.of(1, 2, 3, 4, 5, 6), 2, 3);
 * m.get(1, 0); // => 4
 */
export function matrix(data: Float32Array | Float64Array, rows: number, cols: number): Matrix {
  if (!(data instanceof Float32Array || data instanceof Float64Array)) {
    throw new TypeError(`matrix: "data" must be a Float32Array or a Float64Array, got ${describe(data)}`);
  }
  requireNatural("matrix", "rows", rows);
  requireNatural("matrix", "cols", cols);
  if (data.length !== rows * cols) {
    throw new RangeError(
      `matrix: "data" must have ${rows} x ${cols} = ${rows * cols} entries, got ${data.length}`,
    );
  }
  return ndarray(data, [rows, cols]);
}
