import { packPanel } from "./panel";
import { product } from "./product";

/** Rows worked on at a time, so that they stay in the cache while the panels of `b` pass. */
const CHUNK = 64;

/**
 * `c = a b`, or `c + a b` where `add` is true; a `[m, k]`, b `[k, n]`, c `[m, n]`; `n` a multiple of 4. Scratch: `k n` floats, the
 * columns of b in panels of eight.
 */
export function rowProduct(
  a: usize,
  b: usize,
  c: usize,
  scratch: usize,
  m: i32,
  n: i32,
  k: i32,
  add: bool,
): void {
  const aRow = usize(k) << 2;
  const cRow = usize(n) << 2;
  for (let j = 0; j < n; j += 8) {
    packPanel(b + (usize(j) << 2), cRow, scratch + (usize(j * k) << 2), k, min(8, n - j));
  }
  for (let i = 0; i < m; i += CHUNK) {
    const rows = min(CHUNK, m - i);
    const ai = a + usize(i) * aRow;
    const ci = c + usize(i) * cRow;
    for (let j = 0; j < n; j += 8) {
      const width = min(8, n - j);
      const panel = scratch + (usize(j * k) << 2);
      product(ai, aRow, 4, panel, usize(width) << 2, ci + (usize(j) << 2), cRow, rows, width, k, add);
    }
  }
}
