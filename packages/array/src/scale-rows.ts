import { type Matrix, matrix } from "./matrix.ts";
import { requireVector } from "./require.ts";
import { rowMajor } from "./row-major.ts";
import { isSparse, type SparseMatrix } from "./sparse-matrix.ts";
import { wrongValue } from "./wrong-argument.ts";

/**
 * A copy in float32 with each row multiplied, `R[i, j] = weights[i] M[i, j]`.
 *
 * @param m - A matrix, `[rows, cols]`, any strides, read as float32; or a sparse one. Read only.
 * @param weights - `[rows]`, finite.
 * @param caller - Name of the public function that was given the weights, for messages.
 * @returns A matrix of the same kind, row-major where it is dense; fresh.
 * @throws {TypeError} If `weights` is no array of numbers.
 * @throws {RangeError} If its length differs, or at the first weight that is not finite or takes an entry out of
 *   the range of float32.
 * @remarks Takes O(entries).
 * @example
 * scaleRows(matrix(Float32Array.of(1, 2, 3, 4), 2, 2), [1, 10]).get(1, 0); // => 30
 */
export function scaleRows(m: Matrix, weights: ArrayLike<number>, caller?: string): Matrix;
export function scaleRows(m: SparseMatrix, weights: ArrayLike<number>, caller?: string): SparseMatrix;
export function scaleRows(
  m: Matrix | SparseMatrix,
  weights: ArrayLike<number>,
  caller?: string,
): Matrix | SparseMatrix;
export function scaleRows(
  m: Matrix | SparseMatrix,
  weights: ArrayLike<number>,
  caller: string = "scaleRows",
): Matrix | SparseMatrix {
  const [rows, cols] = m.shape;
  requireVector(caller, "weights", weights, rows);
  if (isSparse(m)) {
    const values = m.values.slice();
    for (let i = 0; i < rows; i++) {
      for (let p = m.starts[i]; p < m.starts[i + 1]; p++) {
        values[p] *= weights[i];
        requireProduct(caller, values[p], i);
      }
    }
    return { ...m, values };
  }
  const values = Float32Array.from(rowMajor(m));
  for (let i = 0, p = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++, p++) {
      values[p] *= weights[i];
      requireProduct(caller, values[p], i);
    }
  }
  return matrix(values, rows, cols);
}

function requireProduct(caller: string, product: number, row: number): void {
  if (product - product !== 0)
    throw wrongValue(caller, "weights", "keep entries within float32", product, row);
}
