/** Copies columns `j .. j + 8` (or `+ 4` at the end) of `rows` rows of `b` side by side: a panel that no two cache lines fight over. */
export function packPanel(b: usize, bRow: usize, to: usize, rows: i32, width: i32): void {
  for (let p = 0; p < rows; p++) {
    v128.store(to, v128.load(b));
    if (width === 8) v128.store(to, v128.load(b, 16), 16);
    b += bRow;
    to += usize(width) << 2;
  }
}

/** The same for up to eight columns, always eight wide: zeros stand in for those that are not there. */
export function packColumns(b: usize, bRow: usize, to: usize, rows: i32, width: i32): void {
  if (width === 8) {
    packPanel(b, bRow, to, rows, 8);
    return;
  }
  for (let p = 0; p < rows; p++) {
    for (let j = 0; j < 8; j++) {
      store<f32>(to + (usize(j) << 2), j < width ? load<f32>(b + (usize(j) << 2)) : 0);
    }
    b += bRow;
    to += 32;
  }
}

/** The panel of up to eight columns of `b'`, that is of rows of `b`, `depth` entries of each, zeros for those that are not there. */
export function packRows(b: usize, bRow: usize, to: usize, depth: i32, width: i32): void {
  let p = 0;
  if (width === 8) {
    for (; p + 4 <= depth; p += 4) {
      const from = b + (usize(p) << 2);
      const at = to + (usize(p) << 5);
      turnFour(from, bRow, at);
      turnFour(from + 4 * bRow, bRow, at + 16);
    }
  }
  for (; p < depth; p++) {
    for (let j = 0; j < 8; j++) {
      const value: f32 = j < width ? load<f32>(b + usize(j) * bRow + (usize(p) << 2)) : 0;
      store<f32>(to + (usize(p) << 5) + (usize(j) << 2), value);
    }
  }
}

/** Four entries of four rows, as four rows of a panel. */
function turnFour(b: usize, bRow: usize, to: usize): void {
  const r0 = v128.load(b);
  const r1 = v128.load(b + bRow);
  const r2 = v128.load(b + 2 * bRow);
  const r3 = v128.load(b + 3 * bRow);
  const a = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5);
  const c = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
  const d = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
  const e = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i32>(a, c, 0, 1, 4, 5));
  v128.store(to + 32, v128.shuffle<i32>(a, c, 2, 3, 6, 7));
  v128.store(to + 64, v128.shuffle<i32>(d, e, 0, 1, 4, 5));
  v128.store(to + 96, v128.shuffle<i32>(d, e, 2, 3, 6, 7));
}
