import type { Matrix } from "./matrix.ts";

/**
 * The entries of a matrix row by row, as float32.
 *
 * @param m - `[rows, cols]`, any stride and offset. Read only.
 * @returns What `rowMajor` returns, where that is in float32; a fresh array otherwise. Treat it as read-only.
 * @remarks O(1) or one pass over the matrix, two where strides and numbers both have to change.
 * @example
 * float32Rows(matrix(Float64Array.of(1, 2), 2, 1)); // => Float32Array [1, 2]
 */
export function float32Rows(m: Matrix): Float32Array {
  const entries = rowMajor(m);
  return entries instanceof Float32Array ? entries : Float32Array.from(entries);
}

/**
 * The entries of a matrix row by row, `r[i * cols + j] = M[i, j]`.
 *
 * @param m - `[rows, cols]`, any stride and offset. Read only.
 * @returns `m.data` itself, not a copy, where it already holds exactly these entries in this order;
 *   a fresh array of the same kind otherwise. Treat it as read-only.
 * @remarks O(1) or one pass over the matrix.
 * @example
 * rowMajor(matrix(Float32Array.of(1, 2, 3, 4), 2, 2).transpose(1, 0)); // => [1, 3, 2, 4]
 */
export function rowMajor(m: Matrix): Float32Array | Float64Array {
  const { data, offset } = m;
  const [rows, cols] = m.shape;
  const [rowStride, colStride] = m.stride;
  const size = rows * cols;
  const ordered = (cols <= 1 || colStride === 1) && (rows <= 1 || rowStride === cols);
  if (ordered && offset === 0 && data.length === size) return data;
  const out = data instanceof Float32Array ? new Float32Array(size) : new Float64Array(size);
  for (let i = 0, to = 0; i < rows; i++) {
    for (let j = 0, from = offset + i * rowStride; j < cols; j++, from += colStride) out[to++] = data[from];
  }
  return out;
}
