/** Rows whose largest entry lies within these powers of two have squares within float32. */
const EXPONENT = 32;

/**
 * Rows multiplied by powers of two, so that neither their squares nor sums of them leave the range of float32: what their
 * angles do not depend on.
 *
 * @param x - Rows of `cols` finite entries. Read only.
 * @param cols - Entries in a row.
 * @returns `x` itself where no row has to change, else a copy whose changed rows have a largest entry in `[1, 2)`. Rows of
 * zeros stay.
 * @remarks Takes O(entries). Rows with a largest entry in `[2^-32, 2^32]` keep their bits.
 * @example
 * scaleForSquares(Float32Array.of(2 ** -100, 2 ** -101, 3, 4), 2); // => Float32Array [1, 0.5, 3, 4]
 */
export function scaleForSquares(x: Float32Array, cols: number): Float32Array {
  let out = x;
  for (let start = 0; start < x.length; start += cols) {
    let largest = 0;
    for (let p = start; p < start + cols; p++) largest = Math.max(largest, Math.abs(x[p]));
    if (largest === 0 || Math.abs(Math.log2(largest)) <= EXPONENT) continue;
    if (out === x) out = x.slice();
    const exponent = Math.floor(Math.log2(largest));
    for (let p = start; p < start + cols; p++) out[p] = x[p] * 2 ** -exponent;
  }
  return out;
}
