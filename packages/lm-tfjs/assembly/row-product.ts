import { packPanel } from "./panel";
import { product } from "./product";

/** Rows worked on at a time, so that they stay in the cache while the panels of `b` pass. */
const CHUNK = 64;

/** Columns and rows of `b` that are packed at a time: a panel of eight columns stays in the nearest cache, all of them in the next. */
const COLUMNS = 512;
const DEPTH = 1024;

/** Below so many rows packing costs more than it saves. */
const FEW = 5;

/**
 * `c = a b`, or `c + a b` where `add` is true; a `[m, k]`, b `[k, n]`, c `[m, n]`; `n` a multiple of 4. Scratch:
 * `min(k, 1024) min(n, 512)` floats, columns of b in panels of eight. Each entry is summed in the order of k, however b is cut and
 * however many rows a has.
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
  if (m < FEW) {
    product(a, aRow, 4, b, cRow, c, cRow, m, n, k, add);
    return;
  }
  for (let from = 0; from < n; from += COLUMNS) {
    const columns = min(COLUMNS, n - from);
    for (let top = 0; top < k; top += DEPTH) {
      const depth = min(DEPTH, k - top);
      const corner = b + usize(top) * cRow + (usize(from) << 2);
      for (let j = 0; j < columns; j += 8) {
        const panel = scratch + (usize(j * depth) << 2);
        packPanel(corner + (usize(j) << 2), cRow, panel, depth, min(8, columns - j));
      }
      for (let i = 0; i < m; i += CHUNK) {
        const rows = min(CHUNK, m - i);
        const ai = a + usize(i) * aRow + (usize(top) << 2);
        const ci = c + usize(i) * cRow + (usize(from) << 2);
        for (let j = 0; j < columns; j += 8) {
          const width = min(8, columns - j);
          const panel = scratch + (usize(j * depth) << 2);
          const to = ci + (usize(j) << 2);
          product(ai, aRow, 4, panel, usize(width) << 2, to, cRow, rows, width, depth, add || top > 0);
        }
      }
    }
  }
}
