import { BLOCK, type RowBlocks } from "./row-blocks.ts";

/** A matrix `[n, d]` of which means and entries are wanted, block of columns by block of columns. */
export interface ColumnBlocks {
  readonly rows: number;
  readonly dimension: number;
  /** Makes columns `start .. start + length - 1` the current block; `length` is at most `BLOCK`. */
  load(start: number, length: number): void;
  /**
   * `out[j]` becomes `|mean of the rows|` at column `start + j`, summed in the order given and rounded to float32. There is one row
   * at least.
   */
  scores(rows: Int32Array, out: Float32Array): void;
  /** `out[i * stride + first + a]` becomes entry `(i, coordinates[a])`, for each of the rows; coordinates lie in the block. */
  entries(
    rows: Int32Array,
    coordinates: Int32Array,
    out: Float32Array | Float64Array,
    first: number,
    stride: number,
  ): void;
}

/** Means and entries of what is read row by row. */
export function columnsOf(blocks: RowBlocks): ColumnBlocks {
  const row = new Float64Array(BLOCK);
  const sum = new Float64Array(BLOCK);
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
    scores(rows, out) {
      sum.fill(0);
      for (const i of rows) {
        blocks.row(i, row);
        for (let j = 0; j < columns; j++) sum[j] += row[j];
      }
      for (let j = 0; j < columns; j++) out[j] = Math.abs(sum[j] / rows.length);
    },
    entries(rows, coordinates, out, first, stride) {
      for (const i of rows) {
        const to = i * stride + first;
        // a whole row costs less than most of its entries one by one
        const most = 2 * coordinates.length > columns;
        if (most) blocks.row(i, row);
        for (let a = 0; a < coordinates.length; a++) {
          const j = coordinates[a] - begin;
          out[to + a] = most ? row[j] : blocks.at(i, j);
        }
      }
    },
  };
}
