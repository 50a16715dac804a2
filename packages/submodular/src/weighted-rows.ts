import { type Matrix, matrix, requireIndices, requireVector, rowMajor } from "@colm/array";
import type { SparseMatrix } from "./sparse-matrix.ts";

/** A copy in float32 with row `i` times `weights[i]`: what weights of points come to. */
export function scaleRows(m: Matrix, weights: ArrayLike<number>): Matrix {
  const [rows, cols] = m.shape;
  const data = Float32Array.from(
    rowMajor(m),
    (entry, p) => Math.fround(entry) * weights[Math.floor(p / cols)],
  );
  return matrix(data, rows, cols);
}

/** The same for a sparse matrix. */
export function scaleSparseRows(m: SparseMatrix, weights: ArrayLike<number>): SparseMatrix {
  const values = m.values.slice();
  for (let i = 0; i < m.shape[0]; i++) {
    for (let p = m.starts[i]; p < m.starts[i + 1]; p++) values[p] *= weights[i];
  }
  return { ...m, values };
}

/** The entries of a square matrix whose row and column are of the same group. */
export function withinGroups(caller: string, m: Matrix, groups: ArrayLike<number>): SparseMatrix {
  const [size] = m.shape;
  requireVector(caller, "groups", groups, size);
  requireIndices(caller, "groups", groups, Number.POSITIVE_INFINITY, false);
  const members = new Map<number, number[]>();
  for (let j = 0; j < size; j++) {
    const own = members.get(groups[j]);
    if (own) own.push(j);
    else members.set(groups[j], [j]);
  }
  const starts = new Int32Array(size + 1);
  for (let i = 0; i < size; i++) starts[i + 1] = starts[i] + (members.get(groups[i])?.length ?? 0);
  const columns = new Int32Array(starts[size]);
  const values = new Float32Array(starts[size]);
  for (let i = 0; i < size; i++) {
    for (const [t, j] of (members.get(groups[i]) ?? []).entries()) {
      columns[starts[i] + t] = j;
      values[starts[i] + t] = m.data[m.offset + i * m.stride[0] + j * m.stride[1]];
    }
  }
  return { shape: [size, size], starts, columns, values };
}
