import { packColumns, panelWidth } from "./panel";
import { product } from "./product";

/** Rows of the long operands that are worked on at a time, so that they stay in the nearest cache. */
const CHUNK = 128;

/** `c = a' b` over the rows `start .. end - 1` of a `[rows, m]` and b `[rows, n]`, c `[m, n]`. Scratch: 2176 floats, 2048 of them a panel of b. */
export function transposedProduct(
  a: usize,
  b: usize,
  c: usize,
  scratch: usize,
  start: i32,
  end: i32,
  m: i32,
  n: i32,
): void {
  const whole = panelWidth();
  const aRow = usize(m) << 2;
  const bRow = usize(n) << 2;
  const line = usize(whole) << 2;
  const panel = scratch + 512;
  for (let from = start; from < end; from += CHUNK) {
    const count = min(CHUNK, end - from);
    const ai = a + usize(from) * aRow;
    for (let j = 0; j < n; j += whole) {
      const width = min(whole, n - j);
      packColumns(b + usize(from) * bRow + (usize(j) << 2), bRow, panel, count, width);
      const to = c + (usize(j) << 2);
      product(ai, 4, aRow, panel, line, 0, to, bRow, scratch, m, width, count, from > start);
    }
  }
}
