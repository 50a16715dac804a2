import { multiplyAdd } from "./multiply-add";

/**
 * `c[i, j] = sum_k a[i, k] b[k, j]`, added to what `c` holds when `add` is true. Rows of `b` and `c` are contiguous; `a` is read with any
 * two strides, so that its transpose costs nothing. Addresses and strides in bytes; `n` a multiple of 4.
 */
export function product(
  a: usize,
  aRow: usize,
  aCol: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  m: i32,
  n: i32,
  k: i32,
  add: bool,
): void {
  let i = 0;
  for (; i + 4 <= m; i += 4) {
    const ai = a + usize(i) * aRow;
    const ci = c + usize(i) * cRow;
    let j = 0;
    for (; j + 8 <= n; j += 8) {
      tile4x8(ai, aRow, aCol, b + (usize(j) << 2), bRow, ci + (usize(j) << 2), cRow, k, add);
    }
    if (j < n) tile4x4(ai, aRow, aCol, b + (usize(j) << 2), bRow, ci + (usize(j) << 2), cRow, k, add);
  }
  for (; i < m; i++) {
    const ai = a + usize(i) * aRow;
    const ci = c + usize(i) * cRow;
    for (let j = 0; j < n; j += 4) tile1x4(ai, aCol, b + (usize(j) << 2), bRow, ci + (usize(j) << 2), k, add);
  }
}

function tile4x8(
  a: usize,
  aRow: usize,
  aCol: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  k: i32,
  add: bool,
): void {
  const c1 = c + cRow;
  const c2 = c1 + cRow;
  const c3 = c2 + cRow;
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  if (add) {
    s00 = v128.load(c);
    s01 = v128.load(c, 16);
    s10 = v128.load(c1);
    s11 = v128.load(c1, 16);
    s20 = v128.load(c2);
    s21 = v128.load(c2, 16);
    s30 = v128.load(c3);
    s31 = v128.load(c3, 16);
  }
  let a0 = a;
  let a1 = a0 + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  for (let p = 0; p < k; p++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a0);
    s00 = multiplyAdd(x, b0, s00);
    s01 = multiplyAdd(x, b1, s01);
    x = v128.load32_splat(a1);
    s10 = multiplyAdd(x, b0, s10);
    s11 = multiplyAdd(x, b1, s11);
    x = v128.load32_splat(a2);
    s20 = multiplyAdd(x, b0, s20);
    s21 = multiplyAdd(x, b1, s21);
    x = v128.load32_splat(a3);
    s30 = multiplyAdd(x, b0, s30);
    s31 = multiplyAdd(x, b1, s31);
    b += bRow;
    a0 += aCol;
    a1 += aCol;
    a2 += aCol;
    a3 += aCol;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
}

function tile4x4(
  a: usize,
  aRow: usize,
  aCol: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  k: i32,
  add: bool,
): void {
  for (let i: usize = 0; i < 4; i++) tile1x4(a + i * aRow, aCol, b, bRow, c + i * cRow, k, add);
}

function tile1x4(a: usize, aCol: usize, b: usize, bRow: usize, c: usize, k: i32, add: bool): void {
  let s = add ? v128.load(c) : f32x4.splat(0);
  for (let p = 0; p < k; p++) {
    s = multiplyAdd(v128.load32_splat(a), v128.load(b), s);
    b += bRow;
    a += aCol;
  }
  v128.store(c, s);
}
