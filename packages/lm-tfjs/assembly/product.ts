import { panelWidth } from "./panel";
import { ROWS, tile } from "./tile";

/**
 * `c = a b`, or `c + a b` where `add` is true; a `[m, k]`, b `[k, n]`, c `[m, n]`. `a` is read with any two strides, so that its
 * transpose costs nothing. `b` stands in panels of `panelWidth()` columns whose rows are `bRow` apart and which are `bPanel` apart;
 * the last one is whole even where `n` ends within it. Rows of `c` are contiguous. Addresses and strides in bytes. Scratch: 96 floats.
 */
export function product(
  a: usize,
  aRow: usize,
  aCol: usize,
  b: usize,
  bRow: usize,
  bPanel: usize,
  c: usize,
  cRow: usize,
  scratch: usize,
  m: i32,
  n: i32,
  k: i32,
  add: bool,
): void {
  const whole = panelWidth();
  for (let i = 0; i < m; i += ROWS) {
    const rows = min(m - i, ROWS);
    let panel = b;
    for (let j = 0; j < n; j += whole) {
      const to = c + (usize(j) << 2);
      const width = min(n - j, whole);
      if (width === whole) tile(a, aRow, aCol, rows - 1, panel, bRow, to, cRow, k, add);
      else edge(a, aRow, aCol, rows, panel, bRow, to, cRow, scratch, width, k, add);
      panel += bPanel;
    }
    a += ROWS * aRow;
    c += ROWS * cRow;
  }
}

/** A tile of which only some columns are there, by way of one that has room for all. */
function edge(
  a: usize,
  aRow: usize,
  aCol: usize,
  rows: i32,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  scratch: usize,
  width: i32,
  k: i32,
  add: bool,
): void {
  const line = usize(panelWidth()) << 2;
  if (add) copyRows(c, cRow, scratch, line, rows, width);
  tile(a, aRow, aCol, rows - 1, b, bRow, scratch, line, k, add);
  copyRows(scratch, line, c, cRow, rows, width);
}

function copyRows(from: usize, fromRow: usize, to: usize, toRow: usize, rows: i32, width: i32): void {
  const bytes = usize(width) << 2;
  for (let i = 0; i < rows; i++) memory.copy(to + usize(i) * toRow, from + usize(i) * fromRow, bytes);
}
