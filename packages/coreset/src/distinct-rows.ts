import type { Matrix } from "@colm/array";

/** Two features count as the same when no coordinate differs by more than this part of the largest entry. */
const TOLERANCE = 1e-5;

/**
 * How many of the given rows are different, each compared with those already counted. Selection among fewer different
 * features than examples to choose is decided by ties.
 */
export function distinctRows(m: Matrix, rows: ArrayLike<number>): number {
  const { data, offset, stride, shape } = m;
  const [, cols] = shape;
  let largest = 0;
  for (let r = 0; r < rows.length; r++) {
    for (let j = 0, at = offset + rows[r] * stride[0]; j < cols; j++, at += stride[1]) {
      largest = Math.max(largest, Math.abs(data[at]));
    }
  }
  const tolerance = TOLERANCE * largest;
  const same = (a: number, b: number): boolean => {
    let p = offset + a * stride[0];
    let q = offset + b * stride[0];
    for (let j = 0; j < cols; j++, p += stride[1], q += stride[1]) {
      if (Math.abs(data[p] - data[q]) > tolerance) return false;
    }
    return true;
  };
  const counted: number[] = [];
  for (let r = 0; r < rows.length; r++) {
    if (!counted.some((other) => same(other, rows[r]))) counted.push(rows[r]);
  }
  return counted.length;
}
