import { normalized, setMoments } from "./adam";

/** `u` at the two columns from byte `at` on of the row at `g`. */
function normalizedAt(g: usize, at: usize): v128 {
  return f64x2.promote_low_f32x4(normalized(at, v128.load(g + at)));
}

/**
 * Adds `u_ij`, each rounded to float32, of `count` rows to `sums`, for `width` columns, a multiple of 8.
 *
 * @param g - Gradients, float64, `gRow` bytes from one row to the next.
 * @param m - First moments of the columns, float64.
 * @param v - Second moments.
 * @param sums - `width` float64.
 */
export function addNormalized(
  g: usize,
  gRow: usize,
  m: usize,
  v: usize,
  width: i32,
  count: i32,
  sums: usize,
): void {
  for (let j = 0; j < width; j += 8, g += 64, m += 64, v += 64, sums += 64) {
    setMoments(m, v);
    let a = v128.load(sums);
    let b = v128.load(sums, 16);
    let c = v128.load(sums, 32);
    let d = v128.load(sums, 48);
    let row = g;
    for (let r = 0; r < count; r++, row += gRow) {
      a = f64x2.add(a, normalizedAt(row, 0));
      b = f64x2.add(b, normalizedAt(row, 16));
      c = f64x2.add(c, normalizedAt(row, 32));
      d = f64x2.add(d, normalizedAt(row, 48));
    }
    v128.store(sums, a);
    v128.store(sums, b, 16);
    v128.store(sums, c, 32);
    v128.store(sums, d, 48);
  }
}
