/** Copies columns `j .. j + 8` (or `+ 4` at the end) of `rows` rows of `b` side by side: a panel that no two cache lines fight over. */
export function packPanel(b: usize, bRow: usize, to: usize, rows: i32, width: i32): void {
  for (let p = 0; p < rows; p++) {
    v128.store(to, v128.load(b));
    if (width === 8) v128.store(to, v128.load(b, 16), 16);
    b += bRow;
    to += usize(width) << 2;
  }
}
