import type { Matrix } from "@colm/array";

/** Reads the entries of one candidate for all points, as float32. */
export interface ColumnReader {
  read(out: Float32Array, item: number): void;
  /** Says that the matrix is symmetric, so that rows may be read for columns. */
  turn(): void;
}

/**
 * Reads columns. Where rows are contiguous and columns are not, and many columns are wanted, it looks once whether
 * the matrix is symmetric: then a row is the same column, many times faster to read.
 */
export function columnReader(similarity: Matrix): ColumnReader {
  const { data } = similarity;
  const [points, candidates] = similarity.shape;
  const [rowStride, colStride] = similarity.stride;
  const mayTurn = points === candidates && colStride === 1 && rowStride !== 1;
  // a look at the whole matrix costs about as much as this many columns, each entry from another cache line
  let patience = mayTurn ? candidates / 16 : Number.POSITIVE_INFINITY;
  let symmetric = false;
  return {
    turn() {
      symmetric = mayTurn;
      patience = Number.POSITIVE_INFINITY;
    },
    read(out, item) {
      if (--patience < 0) {
        symmetric = isSymmetric(similarity);
        patience = Number.POSITIVE_INFINITY;
      }
      const start = similarity.offset + item * (symmetric ? rowStride : colStride);
      const step = symmetric ? colStride : rowStride;
      if (step === 1) {
        out.set(data.subarray(start, start + points));
      } else {
        for (let i = 0, at = start; i < points; i++, at += step) out[i] = data[at];
      }
    },
  };
}

const SIDE = 16;

/** Compares blocks with their mirror images, so that both stay in the cache. */
function isSymmetric({ data, shape, stride, offset }: Matrix): boolean {
  const [size] = shape;
  const [rowStride, colStride] = stride;
  for (let top = 0; top < size; top += SIDE) {
    for (let left = 0; left <= top; left += SIDE) {
      for (let i = top; i < Math.min(top + SIDE, size); i++) {
        for (let j = left; j < Math.min(left + SIDE, i); j++) {
          const mirrored = data[offset + j * rowStride + i * colStride];
          if (data[offset + i * rowStride + j * colStride] !== mirrored) return false;
        }
      }
    }
  }
  return true;
}
