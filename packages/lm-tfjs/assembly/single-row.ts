import { multiplyAdd } from "./multiply-add";

/**
 * `c = a b'`, or `c + a b'` where `add` is true, for one row `a` `[k]` and b `[n, k]`: each entry summed in the order of k, as `tile` does,
 * but b is read where it lies, once. Eight rows of b go together; those behind the last are that one again.
 */
export function singleRow(a: usize, b: usize, c: usize, n: i32, k: i32, add: bool): void {
  const row = usize(k) << 2;
  const whole = usize(k & ~3) << 2;
  for (let j = 0; j < n; j += 8) {
    const last = n - 1 - j;
    const b1 = b + usize(min(last, 1)) * row;
    const b2 = b + usize(min(last, 2)) * row;
    const b3 = b + usize(min(last, 3)) * row;
    const b4 = b + usize(min(last, 4)) * row;
    const b5 = b + usize(min(last, 5)) * row;
    const b6 = b + usize(min(last, 6)) * row;
    const b7 = b + usize(min(last, 7)) * row;
    let low = f32x4.splat(0);
    let high = low;
    if (add) {
      low = load4(c, last);
      high = load4(c + 16, last - 4);
    }
    let p: usize = 0;
    for (; p < whole; p += 16) {
      low = addFour(low, a + p, b + p, b1 + p, b2 + p, b3 + p);
      high = addFour(high, a + p, b4 + p, b5 + p, b6 + p, b7 + p);
    }
    for (; p < row; p += 4) {
      const x = v128.load32_splat(a + p);
      low = multiplyAdd(x, column(b + p, b1 + p, b2 + p, b3 + p), low);
      high = multiplyAdd(x, column(b4 + p, b5 + p, b6 + p, b7 + p), high);
    }
    store4(c, low, last);
    store4(c + 16, high, last - 4);
    b += 8 * row;
    c += 32;
  }
}

/** `sum + a_p b_p`, one p of four after the other. */
function addFour(sum: v128, a: usize, b0: usize, b1: usize, b2: usize, b3: usize): v128 {
  const r0 = v128.load(b0);
  const r1 = v128.load(b1);
  const r2 = v128.load(b2);
  const r3 = v128.load(b3);
  const s = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5);
  const t = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
  const u = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
  const v = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
  sum = multiplyAdd(v128.load32_splat(a), v128.shuffle<i32>(s, t, 0, 1, 4, 5), sum);
  sum = multiplyAdd(v128.load32_splat(a, 4), v128.shuffle<i32>(s, t, 2, 3, 6, 7), sum);
  sum = multiplyAdd(v128.load32_splat(a, 8), v128.shuffle<i32>(u, v, 0, 1, 4, 5), sum);
  return multiplyAdd(v128.load32_splat(a, 12), v128.shuffle<i32>(u, v, 2, 3, 6, 7), sum);
}

/** Four numbers from four places. */
function column(a: usize, b: usize, c: usize, d: usize): v128 {
  let x = v128.load32_zero(a);
  x = f32x4.replace_lane(x, 1, load<f32>(b));
  x = f32x4.replace_lane(x, 2, load<f32>(c));
  return f32x4.replace_lane(x, 3, load<f32>(d));
}

/** The numbers up to the `last` of four; what stands for the others is of no use. */
function load4(from: usize, last: i32): v128 {
  if (last >= 3) return v128.load(from);
  if (last < 0) return f32x4.splat(0);
  return column(from, from + (usize(min(last, 1)) << 2), from + (usize(min(last, 2)) << 2), from);
}

function store4(to: usize, x: v128, last: i32): void {
  if (last >= 3) {
    v128.store(to, x);
    return;
  }
  if (last >= 0) store<f32>(to, f32x4.extract_lane(x, 0));
  if (last >= 1) store<f32>(to, f32x4.extract_lane(x, 1), 4);
  if (last >= 2) store<f32>(to, f32x4.extract_lane(x, 2), 8);
}
