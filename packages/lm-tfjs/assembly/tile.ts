import { multiplyAdd } from "./multiply-add";
import { panelWidth } from "./panel";

/** Rows of a tile: 12 sums, 2 vectors of b and one of a fill the registers, and a product that is not added at once needs one more. */
export const ROWS = ASC_FEATURE_RELAXED_SIMD ? 6 : 5;

// types that stand for constants: the compiler makes a function of its own for each
type Narrow = f32;
type Wide = f64;
type Packed = i32;
type Strided = i64;

/**
 * `c = a b`, or `c + a b` where `add` is true, of up to `ROWS` rows of a and a panel of b. Rows behind the `last` one are that one
 * again: their sums are the same and go to the same place.
 */
export function tile(
  a: usize,
  aRow: usize,
  aCol: usize,
  last: i32,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  k: i32,
  add: bool,
): void {
  const width = panelWidth();
  const packed = aCol === 4 && bRow === usize(width) << 2;
  if (width === 16) {
    if (packed) sums<Wide, Packed>(a, aRow, aCol, last, b, bRow, c, cRow, k, add);
    else sums<Wide, Strided>(a, aRow, aCol, last, b, bRow, c, cRow, k, add);
  } else if (packed) sums<Narrow, Packed>(a, aRow, aCol, last, b, bRow, c, cRow, k, add);
  else sums<Narrow, Strided>(a, aRow, aCol, last, b, bRow, c, cRow, k, add);
}

/**
 * `Narrow`: eight columns; `Wide`: sixteen, for engines that make one vector of two neighbours. `Packed`: a
 * lies by rows and b in a packed panel; the registers hold six addresses, but not their strides beside them.
 */
function sums<Width, Order>(
  a: usize,
  aRow: usize,
  aCol: usize,
  last: i32,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  k: i32,
  add: bool,
): void {
  const wide = sizeof<Width>() === sizeof<Wide>();
  const packed = sizeof<Order>() === sizeof<Packed>();
  const aStep: usize = packed ? 4 : aCol;
  const bStep: usize = packed ? (wide ? 64 : 32) : bRow;
  const c1 = c + usize(min(last, 1)) * cRow;
  const c2 = c + usize(min(last, 2)) * cRow;
  const c3 = c + usize(min(last, 3)) * cRow;
  const c4 = c + usize(min(last, 4)) * cRow;
  const c5 = c + usize(min(last, 5)) * cRow;
  // by way of memory: an engine that pairs vectors does not see through sums that start in two ways
  if (!add) {
    clear<Width>(c);
    clear<Width>(c1);
    clear<Width>(c2);
    clear<Width>(c3);
    clear<Width>(c4);
    clear<Width>(c5);
  }
  let s00 = v128.load(c);
  let s10 = v128.load(c1);
  let s20 = v128.load(c2);
  let s30 = v128.load(c3);
  let s40 = v128.load(c4);
  let s50 = v128.load(c5);
  let s01 = v128.load(c, 16);
  let s11 = v128.load(c1, 16);
  let s21 = v128.load(c2, 16);
  let s31 = v128.load(c3, 16);
  let s41 = v128.load(c4, 16);
  let s51 = v128.load(c5, 16);
  let s02 = wide ? v128.load(c, 32) : s00;
  let s12 = wide ? v128.load(c1, 32) : s10;
  let s22 = wide ? v128.load(c2, 32) : s20;
  let s32 = wide ? v128.load(c3, 32) : s30;
  let s42 = wide ? v128.load(c4, 32) : s40;
  let s52 = wide ? v128.load(c5, 32) : s50;
  let s03 = wide ? v128.load(c, 48) : s01;
  let s13 = wide ? v128.load(c1, 48) : s11;
  let s23 = wide ? v128.load(c2, 48) : s21;
  let s33 = wide ? v128.load(c3, 48) : s31;
  let s43 = wide ? v128.load(c4, 48) : s41;
  let s53 = wide ? v128.load(c5, 48) : s51;
  let a0 = a;
  let a1 = a + usize(min(last, 1)) * aRow;
  let a2 = a + usize(min(last, 2)) * aRow;
  let a3 = a + usize(min(last, 3)) * aRow;
  let a4 = a + usize(min(last, 4)) * aRow;
  let a5 = a + usize(min(last, 5)) * aRow;
  const end = b + usize(k) * bStep;
  for (; b < end; b += bStep) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const b2 = wide ? v128.load(b, 32) : b0;
    const b3 = wide ? v128.load(b, 48) : b1;
    let x = v128.load32_splat(a0);
    s00 = multiplyAdd(x, b0, s00);
    s01 = multiplyAdd(x, b1, s01);
    if (wide) s02 = multiplyAdd(x, b2, s02);
    if (wide) s03 = multiplyAdd(x, b3, s03);
    a0 += aStep;
    x = v128.load32_splat(a1);
    s10 = multiplyAdd(x, b0, s10);
    s11 = multiplyAdd(x, b1, s11);
    if (wide) s12 = multiplyAdd(x, b2, s12);
    if (wide) s13 = multiplyAdd(x, b3, s13);
    a1 += aStep;
    x = v128.load32_splat(a2);
    s20 = multiplyAdd(x, b0, s20);
    s21 = multiplyAdd(x, b1, s21);
    if (wide) s22 = multiplyAdd(x, b2, s22);
    if (wide) s23 = multiplyAdd(x, b3, s23);
    a2 += aStep;
    x = v128.load32_splat(a3);
    s30 = multiplyAdd(x, b0, s30);
    s31 = multiplyAdd(x, b1, s31);
    if (wide) s32 = multiplyAdd(x, b2, s32);
    if (wide) s33 = multiplyAdd(x, b3, s33);
    a3 += aStep;
    x = v128.load32_splat(a4);
    s40 = multiplyAdd(x, b0, s40);
    s41 = multiplyAdd(x, b1, s41);
    if (wide) s42 = multiplyAdd(x, b2, s42);
    if (wide) s43 = multiplyAdd(x, b3, s43);
    a4 += aStep;
    if (ROWS > 5) {
      x = v128.load32_splat(a5);
      s50 = multiplyAdd(x, b0, s50);
      s51 = multiplyAdd(x, b1, s51);
      if (wide) s52 = multiplyAdd(x, b2, s52);
      if (wide) s53 = multiplyAdd(x, b3, s53);
    }
    a5 += aStep;
  }
  keep<Width>(c, s00, s01, s02, s03);
  keep<Width>(c1, s10, s11, s12, s13);
  keep<Width>(c2, s20, s21, s22, s23);
  keep<Width>(c3, s30, s31, s32, s33);
  keep<Width>(c4, s40, s41, s42, s43);
  if (ROWS > 5) keep<Width>(c5, s50, s51, s52, s53);
}

function clear<Width>(c: usize): void {
  const zero = f32x4.splat(0);
  keep<Width>(c, zero, zero, zero, zero);
}

function keep<Width>(c: usize, s0: v128, s1: v128, s2: v128, s3: v128): void {
  v128.store(c, s0);
  v128.store(c, s1, 16);
  if (sizeof<Width>() !== sizeof<Wide>()) return;
  v128.store(c, s2, 32);
  v128.store(c, s3, 48);
}
