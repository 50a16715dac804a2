import { type Matrix, matrix } from "./matrix.ts";
import { requireVector } from "./require.ts";
import { rowMajor } from "./row-major.ts";
import { isSparse, type SparseMatrix } from "./sparse-matrix.ts";

/**
 * A copy in float32 with each row multiplied, `R[i, j] = weights[i] M[i, j]`.
 *
 * @param m - A matrix, `[rows, cols]`, any strides, read as float32; or a sparse one. Read only.
 * @param weights - `[rows]`, finite.
 * @returns A matrix of the same kind, row-major where it is dense; fresh.
 * @throws {TypeError} If `weights` is no array of numbers.
 * @throws {RangeError} If its length differs, or at the first weight that is not finite.
 * @remarks Takes O(entries).
 * @example
 * scaleRows(matrix(Float32Array.of(1, 2, 3, 4), 2, 2), [1, 10]).get(1, 0); // => 30
 */
export function scaleRows(m: Matrix, weights: ArrayLike<number>): Matrix;
export function scaleRows(m: SparseMatrix, weights: ArrayLike<number>): SparseMatrix;
export function scaleRows(m: Matrix | SparseMatrix, weights: ArrayLike<number>): Matrix | SparseMatrix;
export function scaleRows(m: Matrix | SparseMatrix, weights: ArrayLike<number>): Matrix | SparseMatrix {
  const [rows, cols] = m.shape;
  requireVector("scaleRows", "weights", weights, rows);
  if (isSparse(m)) {
    const values = m.values.slice();
    for (let i = 0; i < rows; i++) {
      for (let p = m.starts[i]; p < m.starts[i + 1]; p++) values[p] *= weights[i];
    }
    return { ...m, values };
  }
  const scale = (entry: number, p: number): number => Math.fround(entry) * weights[Math.floor(p / cols)];
  return matrix(Float32Array.from(rowMajor(m), scale), rows, cols);
}
