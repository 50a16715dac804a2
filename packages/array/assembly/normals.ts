import { boxMuller } from "./box-muller";

/** Where 0xd2511f53 and 0xcd9e8d57 stand: behind the table of `boxMuller`. */
const MULTIPLIERS: usize = 31 * 8;

/** The lower words of the four products whose halves stand in `a` and `b`. */
function lowWords(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 0, 2, 4, 6);
}

function highWords(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 1, 3, 5, 7);
}

function upperHalf(v: v128): v128 {
  return v128.shuffle<i32>(v, v, 2, 3, 0, 1);
}

/**
 * Standard normals of blocks `first .. first + 4 fours - 1` of four draws each, `first = firstLow + 2^32 firstHigh`:
 * Philox4x32-10 on the counters `(block, stream, purpose)`, four at a time, lane i of each word belonging to block i.
 * The two multipliers are read from memory because V8 would build constants anew at each use.
 */
export function normals(
  out: usize,
  fours: i32,
  seedLow: i32,
  seedHigh: i32,
  stream: i32,
  purpose: i32,
  firstLow: i32,
  firstHigh: i32,
): void {
  const first = ((<i64>firstHigh) << 32) | <i64>(<u32>firstLow);
  const multiplier0 = v128.load32_splat(MULTIPLIERS);
  const multiplier1 = v128.load32_splat(MULTIPLIERS, 4);
  let blocks = i64x2.add(i64x2.splat(first), i64x2(0, 1));
  for (let four = 0; four < fours; four++, out += 64) {
    const next = i64x2.add(blocks, i64x2.splat(2));
    let c0 = lowWords(blocks, next);
    let c1 = highWords(blocks, next);
    let c2 = i32x4.splat(stream);
    let c3 = i32x4.splat(purpose);
    let key0 = seedLow;
    let key1 = seedHigh;
    for (let round = 0; round < 10; round++) {
      const a = i64x2.extmul_low_i32x4_u(multiplier0, c0);
      const b = i64x2.extmul_high_i32x4_u(multiplier0, c0);
      const c = i64x2.extmul_low_i32x4_u(multiplier1, c2);
      const d = i64x2.extmul_high_i32x4_u(multiplier1, c2);
      c0 = v128.xor(v128.xor(highWords(c, d), c1), i32x4.splat(key0));
      c1 = lowWords(c, d);
      c2 = v128.xor(v128.xor(highWords(a, b), c3), i32x4.splat(key1));
      c3 = lowWords(a, b);
      key0 += 0x9e3779b9;
      key1 += 0xbb67ae85;
    }
    boxMuller(out, c0, c1);
    boxMuller(out + 8, c2, c3);
    boxMuller(out + 32, upperHalf(c0), upperHalf(c1));
    boxMuller(out + 40, upperHalf(c2), upperHalf(c3));
    blocks = i64x2.add(next, i64x2.splat(2));
  }
}
