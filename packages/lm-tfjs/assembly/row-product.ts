import { packColumns, packRows, panelWidth } from "./panel";
import { product } from "./product";
import { singleRow } from "./single-row";

/** Columns and rows of `b` that are packed at a time: they stay in the second cache, and six rows of `a` so deep in the nearest. */
const COLUMNS = 384;
const DEPTH = 384;

/** Below so many rows packing costs more than it saves. */
const FEW = 5;

/**
 * `c = a b`, or `c + a b` where `add` is true; a `[m, k]`, c `[m, n]`, b `[k, n]`, or its transpose `[n, k]` where it is `turned`.
 * Scratch: `min(k, 384) min(n, 384)` floats, n rounded up to a multiple of 16, and 128 more. Each entry is summed in the order of k,
 * however b lies and is cut and however many rows a has.
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
  turned: bool,
): void {
  const whole = panelWidth();
  const aRow = usize(k) << 2;
  const bRow = usize(turned ? k : n) << 2;
  const cRow = usize(n) << 2;
  const line = usize(whole) << 2;
  if (m === 1 && turned) {
    singleRow(a, b, c, n, k, add);
    return;
  }
  if (m < FEW && !turned && n % whole === 0) {
    product(a, aRow, 4, b, bRow, line, c, cRow, scratch, m, n, k, add);
    return;
  }
  const panels = scratch + 512;
  for (let from = 0; from < n; from += COLUMNS) {
    const columns = min(COLUMNS, n - from);
    for (let top = 0; top < k; top += DEPTH) {
      const depth = min(DEPTH, k - top);
      const panel = usize(depth) * line;
      for (let j = 0; j < columns; j += whole) {
        const to = panels + usize(j * depth) * 4;
        const width = min(whole, columns - j);
        if (turned) packRows(b + usize(from + j) * bRow + (usize(top) << 2), bRow, to, depth, width);
        else packColumns(b + usize(top) * bRow + (usize(from + j) << 2), bRow, to, depth, width);
      }
      const ai = a + (usize(top) << 2);
      const ci = c + (usize(from) << 2);
      product(ai, aRow, 4, panels, line, panel, ci, cRow, scratch, m, columns, depth, add || top > 0);
    }
  }
}
