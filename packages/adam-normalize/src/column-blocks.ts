import { BLOCK, type RowBlocks } from "./row-blocks.ts";

/** A matrix `[n, d]` of which sums and single entries are wanted, block of columns by block of columns. */
export interface ColumnBlocks {
  readonly rows: number;
  readonly dimension: number;
  /** Makes columns `start .. start + length - 1` the current block; `length` is at most `BLOCK`. */
  load(start: number, length: number): void;
  /** `out[j]` becomes the sum of the rows, in the order given, at column `start + j`. */
  sums(rows: Int32Array, out: Float64Array): void;
  /** `out[i * stride + first + a]` becomes entry `(i, coordinates[a])`, for each of the rows; coordinates lie in the block. */
  entries(
    rows: Int32Array,
    coordinates: Int32Array,
    out: Float32Array | Float64Array,
    first: number,
    stride: number,
  ): void;
}

/** Sums and entries of what is read row by row. */
export function columnsOf(blocks: RowBlocks): ColumnBlocks {
  const row = new Float64Array(BLOCK);
  let begin = 0;
  let columns = 0;
  return {
    rows: blocks.rows,
    dimension: blocks.dimension,
    load(start, length) {
      begin = start;
      columns = length;
      blocks.load(start, length);
    },
    sums(rows, out) {
      out.fill(0, 0, columns);
      for (const i of rows) {
        blocks.row(i, row);
        for (let j = 0; j < columns; j++) out[j] += row[j];
      }
    },
    entries(rows, coordinates, out, first, stride) {
      for (const i of rows) {
        for (let a = 0, to = i * stride + first; a < coordinates.length; a++, to++) {
          out[to] = blocks.at(i, coordinates[a] - begin);
        }
      }
    },
  };
}
