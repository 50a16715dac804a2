import { type Matrix, matrix, requireIndices } from "@colm/array";
import type { DirectionalGradients } from "./directional-gradients.ts";
import { requireEstimates } from "./require-estimates.ts";
import { requireLayout } from "./require-layout.ts";

/**
 * The rows that hold nothing but finite numbers, ascending: the examples whose losses were usable.
 *
 * @param m - `[n, q]`, any strides; NaN and infinities allowed. Only read.
 * @returns Indices of the finite rows; fresh. Length n when there is nothing to drop.
 * @throws {TypeError} If `m` is no matrix.
 * @remarks Takes O(n q).
 * @example
 * finiteRows(matrix(Float32Array.of(1, NaN, 3), 3, 1)); // => [0, 2]
 */
export function finiteRows(m: Matrix): Int32Array {
  requireLayout("finiteRows", "m", m);
  const { data, offset } = m;
  const [n, q] = m.shape;
  const [rowStride, colStride] = m.stride;
  const kept: number[] = [];
  for (let i = 0; i < n; i++) {
    let finite = true;
    for (let k = 0; k < q; k++) finite &&= Number.isFinite(data[offset + i * rowStride + k * colStride]);
    if (finite) kept.push(i);
  }
  return Int32Array.from(kept);
}

/**
 * The estimates of some of the examples, in the order given, on the same directions.
 *
 * @param g - The estimates; may hold NaN. Only read.
 * @param rows - Indices in `[0, n)`, distinct.
 * @returns Estimates of `rows.length` examples; their coefficients are fresh, row-major, float32.
 * @throws {TypeError | RangeError} If `g` is no estimate, a coefficient is beyond float32, or `rows` are no such indices.
 * @remarks Takes O(n q). With `finiteRows` it drops the examples whose losses were not finite.
 * @example
 * const g = directionalGradients(matrix(Float32Array.of(2, -4, 6), 3, 1), { dimension: 3, seed: 1 });
 * gatherRows(g, [2, 0]).coefficients.data; // => [6, 2]
 */
export function gatherRows(g: DirectionalGradients, rows: ArrayLike<number>): DirectionalGradients {
  requireEstimates("gatherRows", "g", g);
  const { data, offset } = g.coefficients;
  const [n, q] = g.coefficients.shape;
  const [rowStride, colStride] = g.coefficients.stride;
  requireIndices("gatherRows", "rows", rows, n);
  const out = new Float32Array(rows.length * q);
  for (let r = 0; r < rows.length; r++) {
    for (let k = 0; k < q; k++) out[r * q + k] = data[offset + rows[r] * rowStride + k * colStride];
  }
  return { ...g, coefficients: matrix(out, rows.length, q) };
}
