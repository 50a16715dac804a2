import { product } from "./product";

/** Rows worked on at a time: with a panel of `b` eight columns wide they stay in the nearest cache. */
const CHUNK = 64;

/** `c = a b`, or `c + a b` where `add` is true; a `[m, k]`, b `[k, n]`, c `[m, n]`; `n` a multiple of 4. */
export function rowProduct(a: usize, b: usize, c: usize, m: i32, n: i32, k: i32, add: bool): void {
  const aRow = usize(k) << 2;
  const bRow = usize(n) << 2;
  for (let from = 0; from < m; from += CHUNK) {
    const to = usize(from);
    product(a + to * aRow, aRow, 4, b, bRow, c + to * bRow, bRow, min(CHUNK, m - from), n, k, add);
  }
}
