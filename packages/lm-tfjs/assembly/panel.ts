let columns: i32 = 8;

/** Columns of a panel: 8, or 16 where the engine makes one wide vector of two neighbours. */
export function panelWidth(): i32 {
  return columns;
}

/** Makes panels 16 columns wide. */
export function widenPanels(): void {
  columns = 16;
}

/** Copies up to a panel's width of columns of `rows` rows of `b` side by side, with zeros for those that are not there. */
export function packColumns(b: usize, bRow: usize, to: usize, rows: i32, width: i32): void {
  const line = usize(columns) << 2;
  for (let p = 0; p < rows; p++) {
    if (width === columns) {
      v128.store(to, v128.load(b));
      v128.store(to, v128.load(b, 16), 16);
      if (width === 16) {
        v128.store(to, v128.load(b, 32), 32);
        v128.store(to, v128.load(b, 48), 48);
      }
    } else {
      for (let j = 0; j < columns; j++) {
        store<f32>(to + (usize(j) << 2), j < width ? load<f32>(b + (usize(j) << 2)) : 0);
      }
    }
    b += bRow;
    to += line;
  }
}

/** The panel of up to its width of columns of `b'`, that is of rows of `b`, `depth` entries of each, zeros for those that are not there. */
export function packRows(b: usize, bRow: usize, to: usize, depth: i32, width: i32): void {
  const line = usize(columns) << 2;
  let p = 0;
  if (width === columns) {
    for (; p + 4 <= depth; p += 4) {
      const from = b + (usize(p) << 2);
      const at = to + usize(p) * line;
      for (let j = 0; j < width; j += 4) turnFour(from + usize(j) * bRow, bRow, at + (usize(j) << 2), line);
    }
  }
  for (; p < depth; p++) {
    for (let j = 0; j < columns; j++) {
      const value: f32 = j < width ? load<f32>(b + usize(j) * bRow + (usize(p) << 2)) : 0;
      store<f32>(to + usize(p) * line + (usize(j) << 2), value);
    }
  }
}

/** Four entries of four rows, as four rows of a panel. */
function turnFour(b: usize, bRow: usize, to: usize, line: usize): void {
  const r0 = v128.load(b);
  const r1 = v128.load(b + bRow);
  const r2 = v128.load(b + 2 * bRow);
  const r3 = v128.load(b + 3 * bRow);
  const a = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5);
  const c = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
  const d = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
  const e = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i32>(a, c, 0, 1, 4, 5));
  v128.store(to + line, v128.shuffle<i32>(a, c, 2, 3, 6, 7));
  v128.store(to + 2 * line, v128.shuffle<i32>(d, e, 0, 1, 4, 5));
  v128.store(to + 3 * line, v128.shuffle<i32>(d, e, 2, 3, 6, 7));
}
