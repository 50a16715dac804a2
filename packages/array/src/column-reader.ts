import type { Matrix } from "./matrix.ts";

/** Reads columns of one matrix. */
export interface ColumnReader {
  /** Writes a column to `out`, as float32. */
  read(out: Float32Array, column: number): void;
  /** Says that the matrix is symmetric: a row is the same column then, and far faster to read where it is contiguous. */
  turn(): void;
}

/**
 * A reader of the columns of a matrix.
 *
 * @param m - `[rows, cols]`, any strides. Kept, never copied.
 * @returns The reader. It takes O(rows) for a column and checks nothing.
 * @example
 * const out = new Float32Array(2);
 * columnReader(matrix(Float32Array.of(1, 2, 3, 4), 2, 2)).read(out, 1);
 * out; // => Float32Array [2, 4]
 */
export function columnReader(m: Matrix): ColumnReader {
  const { data, offset, stride } = m;
  const [rows] = m.shape;
  let [rowStride, colStride] = stride;
  return {
    turn() {
      if (stride[1] === 1) [colStride, rowStride] = stride;
    },
    read(out, column) {
      const start = offset + column * colStride;
      if (rowStride === 1) {
        out.set(data.subarray(start, start + rows));
      } else {
        for (let i = 0, at = start; i < rows; i++, at += rowStride) out[i] = data[at];
      }
    },
  };
}
