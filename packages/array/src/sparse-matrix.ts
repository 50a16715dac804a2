import type { Matrix } from "./matrix.ts";
import { requireNatural, requireVector } from "./require.ts";
import { wrongKind, wrongValue } from "./wrong-argument.ts";

/**
 * A sparse matrix by rows (CSR): row `i` has the entries `values[p]` in the columns `columns[p]`, `p` from
 * `starts[i]` to `starts[i + 1] - 1`, columns ascending. Absent entries are 0. Plain and cloneable.
 */
export interface SparseMatrix {
  readonly shape: readonly [rows: number, cols: number];
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float32Array;
}

/**
 * Whether a matrix is a sparse one, told by its `starts`.
 *
 * @param value - A matrix of either kind, not checked.
 * @returns Whether it is meant as a `SparseMatrix`: `requireSparse` says whether it is one.
 * @example
 * isSparse(matrix(new Float32Array(4), 2, 2)); // => false
 */
export function isSparse(value: Matrix | SparseMatrix): value is SparseMatrix {
  return typeof value === "object" && value !== null && "starts" in value;
}

/**
 * Requires a sparse matrix whose parts fit together, every entry finite.
 *
 * @param caller - Name of the public function that checks its argument.
 * @param name - Name of the argument.
 * @param m - The argument.
 * @throws {TypeError} If a part is missing or of the wrong kind.
 * @throws {RangeError} If lengths do not fit, starts fall, the columns of a row do not ascend within the matrix, or at the
 *   first entry that is not finite.
 * @remarks Takes O(rows + entries).
 * @example
 * requireSparse("f", "similarity", {
 *   shape: [1, 3],
 *   starts: Int32Array.of(0, 2),
 *   columns: Int32Array.of(0, 2),
 *   values: Float32Array.of(1, 0.5),
 * });
 */
export function requireSparse(caller: string, name: string, m: SparseMatrix): void {
  const { shape, starts, columns, values } = m;
  const typed =
    starts instanceof Int32Array && columns instanceof Int32Array && values instanceof Float32Array;
  if (!typed || !Array.isArray(shape)) {
    throw wrongKind(caller, name, "have shape, starts, columns and values of a SparseMatrix", m);
  }
  const [rows, cols] = shape;
  requireNatural(caller, `${name}.shape[0]`, rows);
  requireNatural(caller, `${name}.shape[1]`, cols);
  const count = values.length;
  if (starts.length !== rows + 1 || starts[0] !== 0 || starts[rows] !== count || columns.length !== count) {
    const must = `have ${rows + 1} starts from 0 to ${count} and ${count} columns`;
    throw wrongValue(caller, name, must, `${starts.length} and ${columns.length}`);
  }
  requireVector(caller, `${name}.values`, values);
  for (let i = 0; i < rows; i++) {
    if (starts[i + 1] < starts[i]) {
      throw wrongValue(caller, `${name}.starts`, "not fall", starts[i + 1], i + 1);
    }
    const end = starts[i + 1];
    for (let p = starts[i], last = -1; p < end; p++) {
      const column = columns[p];
      if (column > last && column < cols) {
        last = column;
        continue;
      }
      throw wrongValue(caller, `${name}.columns`, `ascend in [0, ${cols}) within a row`, columns[p], p);
    }
  }
}

/**
 * The same sparse matrix with rows and columns changed places, `T[j, i] = M[i, j]`.
 *
 * @param m - A checked sparse matrix. Read only.
 * @returns The transpose; fresh.
 * @remarks Takes O(rows + cols + entries): entries are counted, then written to their places (Gustavson, "Two fast
 *   algorithms for sparse matrices", 1978).
 * @example
 * const m = { shape: [1, 2] as const, starts: Int32Array.of(0, 1), columns: Int32Array.of(1), values: Float32Array.of(5) };
 * transposeSparse(m).starts; // => Int32Array [0, 0, 1]
 */
export function transposeSparse({ shape, starts, columns, values }: SparseMatrix): SparseMatrix {
  const [rows, cols] = shape;
  const count = values.length;
  // ends of the new rows first; each falls to its start while entries are written, from last to first
  const turned = new Int32Array(cols + 1);
  for (let p = 0; p < count; p++) turned[columns[p]]++;
  for (let j = 1; j <= cols; j++) turned[j] += turned[j - 1];
  const owners = new Int32Array(count);
  const entries = new Float32Array(count);
  for (let i = rows - 1; i >= 0; i--) {
    const first = starts[i];
    for (let p = starts[i + 1] - 1; p >= first; p--) {
      const place = --turned[columns[p]];
      owners[place] = i;
      entries[place] = values[p];
    }
  }
  return { shape: [cols, rows], starts: turned, columns: owners, values: entries };
}
