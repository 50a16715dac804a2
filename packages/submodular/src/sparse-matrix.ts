import { describe, type Matrix, requireVector } from "@colm/array";

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

/** Whether a matrix is a sparse one. */
export function isSparse(value: Matrix | SparseMatrix): value is SparseMatrix {
  return typeof value === "object" && value !== null && "starts" in value;
}

/** Requires a sparse matrix whose parts fit together, every entry finite. */
export function requireSparse(caller: string, name: string, m: SparseMatrix): void {
  const { shape, starts, columns, values } = m;
  const typed =
    starts instanceof Int32Array && columns instanceof Int32Array && values instanceof Float32Array;
  if (!typed || !Array.isArray(shape)) {
    throw new TypeError(
      `${caller}: "${name}" must have shape, starts, columns and values of a SparseMatrix, got ${describe(m)}`,
    );
  }
  const [rows, cols] = shape;
  const count = values.length;
  if (starts.length !== rows + 1 || starts[0] !== 0 || starts[rows] !== count || columns.length !== count) {
    throw new RangeError(
      `${caller}: "${name}" must have ${rows + 1} starts from 0 to ${count} and ${count} columns, got ${starts.length} and ${columns.length}`,
    );
  }
  requireVector(caller, `${name}.values`, values);
  for (let i = 0; i < rows; i++) {
    if (starts[i + 1] < starts[i]) {
      throw new RangeError(`${caller}: "${name}.starts" must not fall, got ${starts[i + 1]} at ${i + 1}`);
    }
    for (let p = starts[i]; p < starts[i + 1]; p++) {
      const least = p === starts[i] ? 0 : columns[p - 1] + 1;
      if (columns[p] >= least && columns[p] < cols) continue;
      throw new RangeError(
        `${caller}: "${name}.columns" must ascend in [0, ${cols}) within a row, got ${columns[p]} at ${p}`,
      );
    }
  }
}

/** The same matrix by columns: rows and columns change places. */
export function transpose({ shape, starts, columns, values }: SparseMatrix): SparseMatrix {
  const [rows, cols] = shape;
  const turned = new Int32Array(cols + 1);
  for (const j of columns) turned[j + 1]++;
  for (let j = 0; j < cols; j++) turned[j + 1] += turned[j];
  const next = turned.slice(0, cols);
  const owners = new Int32Array(columns.length);
  const entries = new Float32Array(values.length);
  for (let i = 0; i < rows; i++) {
    for (let p = starts[i]; p < starts[i + 1]; p++) {
      const place = next[columns[p]]++;
      owners[place] = i;
      entries[place] = values[p];
    }
  }
  return { shape: [cols, rows], starts: turned, columns: owners, values: entries };
}
