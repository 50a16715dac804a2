import { packPanel } from "./panel";
import { product } from "./product";

/** Rows of the long operands that are worked on at a time, so that they stay in the nearest cache. */
const CHUNK = 128;

/** `c = a' b` over the rows `start .. end - 1` of a `[rows, m]` and b `[rows, n]`, c `[m, n]`; `n` a multiple of 4. Scratch: 1024 floats, a panel of b. */
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
  const aRow = usize(m) << 2;
  const bRow = usize(n) << 2;
  for (let from = start; from < end; from += CHUNK) {
    const count = min(CHUNK, end - from);
    const ai = a + usize(from) * aRow;
    for (let j = 0; j < n; j += 8) {
      const width = min(8, n - j);
      packPanel(b + usize(from) * bRow + (usize(j) << 2), bRow, scratch, count, width);
      product(
        ai,
        4,
        aRow,
        scratch,
        usize(width) << 2,
        c + (usize(j) << 2),
        bRow,
        m,
        width,
        count,
        from > start,
      );
    }
  }
}
