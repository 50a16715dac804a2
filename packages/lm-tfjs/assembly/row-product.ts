import { packColumns, packRows } from "./panel";
import { product } from "./product";

/** Rows worked on at a time, so that they stay in the cache while the panels of `b` pass. */
const CHUNK = 64;

/** Columns and rows of `b` that are packed at a time: a panel of eight columns stays in the nearest cache, all of them in the next. */
const COLUMNS = 512;
const DEPTH = 1024;

/** Below so many rows packing costs more than it saves. */
const FEW = 5;

/**
 * `c = a b`, or `c + a b` where `add` is true; a `[m, k]`, c `[m, n]`, b `[k, n]`, or its transpose `[n, k]` where it is `turned`.
 * Scratch: `min(k, 1024) min(n, 512)` floats, n rounded up to a multiple of 8, and 512 more. Each entry is summed in the order of k,
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
  const aRow = usize(k) << 2;
  const bRow = usize(turned ? k : n) << 2;
  const cRow = usize(n) << 2;
  if (m < FEW && !turned && (n & 3) === 0) {
    product(a, aRow, 4, b, bRow, c, cRow, m, n, k, add);
    return;
  }
  const tile = scratch;
  const panels = scratch + (CHUNK << 5);
  for (let from = 0; from < n; from += COLUMNS) {
    const columns = min(COLUMNS, n - from);
    for (let top = 0; top < k; top += DEPTH) {
      const depth = min(DEPTH, k - top);
      for (let j = 0; j < columns; j += 8) {
        const panel = panels + (usize(j * depth) << 2);
        const width = min(8, columns - j);
        if (turned) packRows(b + usize(from + j) * bRow + (usize(top) << 2), bRow, panel, depth, width);
        else packColumns(b + usize(top) * bRow + (usize(from + j) << 2), bRow, panel, depth, width);
      }
      for (let i = 0; i < m; i += CHUNK) {
        const rows = min(CHUNK, m - i);
        const ai = a + usize(i) * aRow + (usize(top) << 2);
        const ci = c + usize(i) * cRow + (usize(from) << 2);
        for (let j = 0; j < columns; j += 8) {
          const width = min(8, columns - j);
          const panel = panels + (usize(j * depth) << 2);
          const to = ci + (usize(j) << 2);
          const more = add || top > 0;
          if ((width & 3) === 0) product(ai, aRow, 4, panel, 32, to, cRow, rows, width, depth, more);
          else edge(ai, aRow, panel, tile, to, cRow, rows, width, depth, more);
        }
      }
    }
  }
}

/** A product with a panel of which only some columns are there, by way of a tile that has room for all. */
function edge(
  a: usize,
  aRow: usize,
  panel: usize,
  tile: usize,
  c: usize,
  cRow: usize,
  rows: i32,
  width: i32,
  depth: i32,
  add: bool,
): void {
  const bytes = usize(width) << 2;
  if (add) for (let i = 0; i < rows; i++) memory.copy(tile + (usize(i) << 5), c + usize(i) * cRow, bytes);
  product(a, aRow, 4, panel, 32, tile, 32, rows, 8, depth, add);
  for (let i = 0; i < rows; i++) memory.copy(c + usize(i) * cRow, tile + (usize(i) << 5), bytes);
}
