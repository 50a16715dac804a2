import type { Matrix } from "./matrix.ts";
import { requireIndices, requireVector } from "./require.ts";
import type { SparseMatrix } from "./sparse-matrix.ts";

/**
 * The entries of a square matrix whose row and column are of the same group, as a sparse matrix.
 *
 * @param caller - Name of the public function that checks its groups.
 * @param m - `[n, n]`, any strides, read as float32. Read only.
 * @param groups - `[n]`, integers from 0.
 * @returns The entries within groups, those that are 0 as well; fresh.
 * @throws {TypeError} If `groups` is no array of numbers.
 * @throws {RangeError} If its length differs, or at the first entry that is no natural number.
 * @remarks Takes O(n + entries within groups).
 * @example
 * const m = matrix(Float32Array.of(1, 2, 3, 4), 2, 2);
 * withinGroups("f", m, [0, 1]).values; // => Float32Array [1, 4]
 */
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
