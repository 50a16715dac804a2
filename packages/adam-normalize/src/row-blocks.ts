import type { Matrix } from "@colm/array";

/** Columns that are in memory at a time: few enough for the nearest caches, enough to pay for a draw. */
export const BLOCK = 1024;

/** A matrix `[n, d]` that is read block of columns by block of columns, whether it is stored or computed. */
export interface RowBlocks {
  readonly rows: number;
  readonly dimension: number;
  /** Makes columns `start .. start + length - 1` the current block; `length` is at most `BLOCK`. */
  load(start: number, length: number): void;
  /** Writes row `i` of the current block to `out[0 .. length - 1]`. */
  row(i: number, out: Float64Array): void;
  /** Entry `j` of row `i` of the current block, the same bits as `row` gives. */
  at(i: number, j: number): number;
}

/** Calls `visit(start, length)` for every block of `dimension` columns, ascending. */
export function forEachBlock(dimension: number, visit: (start: number, length: number) => void): void {
  for (let start = 0; start < dimension; start += BLOCK) visit(start, Math.min(BLOCK, dimension - start));
}

/** The blocks of a stored matrix. */
export function matrixBlocks(m: Matrix): RowBlocks {
  const { data, offset } = m;
  const [rows, dimension] = m.shape;
  const [rowStride, colStride] = m.stride;
  let first = offset;
  let columns = 0;
  return {
    rows,
    dimension,
    load(start, length) {
      first = offset + start * colStride;
      columns = length;
    },
    row(i, out) {
      let from = first + i * rowStride;
      for (let j = 0; j < columns; j++, from += colStride) out[j] = data[from];
    },
    at(i, j) {
      return data[first + i * rowStride + j * colStride];
    },
  };
}
