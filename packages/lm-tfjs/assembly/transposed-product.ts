import { product } from "./product";

/** Rows of the long operands that are worked on at a time, so that they stay in the cache nearby. */
const CHUNK = 128;

/** `c = a' b`, a `[rows, m]`, b `[rows, n]`, c `[m, n]`; `n` a multiple of 4. */
export function transposedProduct(a: usize, b: usize, c: usize, rows: i32, m: i32, n: i32): void {
  const aRow = usize(m) << 2;
  const bRow = usize(n) << 2;
  for (let from = 0; from < rows; from += CHUNK) {
    const count = min(CHUNK, rows - from);
    product(a + usize(from) * aRow, 4, aRow, b + usize(from) * bRow, bRow, c, bRow, m, n, count, from > 0);
  }
}
