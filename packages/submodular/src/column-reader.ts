import type { Matrix } from "@colm/array";

/** Reads the entries of one candidate for all points, as float32. */
export interface ColumnReader {
  read(out: Float32Array, item: number): void;
  /** Says that the matrix is symmetric: a row is the same column then, and far faster to read where it is contiguous. */
  turn(): void;
}

/** Reads columns of a matrix of any strides. */
export function columnReader(similarity: Matrix): ColumnReader {
  const { data, stride } = similarity;
  const [points] = similarity.shape;
  let [rowStride, colStride] = stride;
  return {
    turn() {
      if (stride[1] === 1) [colStride, rowStride] = stride;
    },
    read(out, item) {
      const start = similarity.offset + item * colStride;
      if (rowStride === 1) {
        out.set(data.subarray(start, start + points));
      } else {
        for (let i = 0, at = start; i < points; i++, at += rowStride) out[i] = data[at];
      }
    },
  };
}
