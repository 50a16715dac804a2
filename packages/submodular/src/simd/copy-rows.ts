import type { Matrix } from "@colm/array";

/** Copies rows `[first, first + count)` of a matrix, as float32, to the rows of `out` from `place` on. */
export function copyRows(out: Float32Array, place: number, m: Matrix, first: number, count: number): void {
  const { data, stride } = m;
  const size = m.shape[1];
  const [rowStride, colStride] = stride;
  const start = m.offset + first * rowStride;
  if (colStride === 1 && (rowStride === size || count === 1)) {
    out.set(data.subarray(start, start + count * size), place * size);
    return;
  }
  for (let i = 0, to = place * size; i < count; i++) {
    for (let j = 0, at = start + i * rowStride; j < size; j++, at += colStride) out[to++] = data[at];
  }
}
