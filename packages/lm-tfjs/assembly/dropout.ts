/**
 * `out = x` `[rows, width]` with entries fallen out and the others times `kept`: entry i of a row falls out if its 16 bits of Philox4x32-10
 * at counter (position blocks + i / 8, site, example, step) are below `threshold`; `blocks` = width / 8, rounded up. `examples` and
 * `positions` are `[rows]`; `width` a multiple of 4.
 */
export function dropEntries(
  x: usize,
  out: usize,
  examples: usize,
  positions: usize,
  rows: i32,
  width: i32,
  site: i32,
  step: i32,
  key0: i32,
  key1: i32,
  threshold: i32,
  kept: f32,
): void {
  const blocks = (width + 7) >> 3;
  const limit = i16x8.splat(i16(threshold));
  const factor = f32x4.splat(kept);
  for (let r = 0; r < rows; r++) {
    const first = load<i32>(positions + (usize(r) << 2)) * blocks;
    const example = i32x4.splat(load<i32>(examples + (usize(r) << 2)));
    for (let block = 0; block < blocks; block += 4) {
      let c0 = i32x4.add(i32x4.splat(first + block), i32x4(0, 1, 2, 3));
      let c1 = i32x4.splat(site);
      let c2 = example;
      let c3 = i32x4.splat(step);
      let k0 = key0;
      let k1 = key1;
      const multiplier0 = i32x4.splat(0xd2511f53);
      const multiplier1 = i32x4.splat(0xcd9e8d57);
      for (let round = 0; round < 10; round++) {
        const high0 = multiplyHigh(multiplier0, c0);
        const low0 = i32x4.mul(multiplier0, c0);
        const high1 = multiplyHigh(multiplier1, c2);
        const low1 = i32x4.mul(multiplier1, c2);
        c0 = v128.xor(v128.xor(high1, c1), i32x4.splat(k0));
        c1 = low1;
        c2 = v128.xor(v128.xor(high0, c3), i32x4.splat(k1));
        c3 = low0;
        k0 += 0x9e3779b9;
        k1 += 0xbb67ae85;
      }
      // lanes are blocks, variables are words: turned, so that a vector is a block
      const a = v128.shuffle<i32>(c0, c1, 0, 4, 1, 5);
      const b = v128.shuffle<i32>(c2, c3, 0, 4, 1, 5);
      const c = v128.shuffle<i32>(c0, c1, 2, 6, 3, 7);
      const d = v128.shuffle<i32>(c2, c3, 2, 6, 3, 7);
      const at = usize(block) << 5;
      const left = width - (block << 3);
      apply(x + at, out + at, v128.shuffle<i32>(a, b, 0, 1, 4, 5), limit, factor, left);
      apply(x + at + 32, out + at + 32, v128.shuffle<i32>(a, b, 2, 3, 6, 7), limit, factor, left - 8);
      apply(x + at + 64, out + at + 64, v128.shuffle<i32>(c, d, 0, 1, 4, 5), limit, factor, left - 16);
      apply(x + at + 96, out + at + 96, v128.shuffle<i32>(c, d, 2, 3, 6, 7), limit, factor, left - 24);
    }
    x += usize(width) << 2;
    out += usize(width) << 2;
  }
}

/** Up to eight entries by the 16-bit lanes of one block. */
function apply(x: usize, out: usize, words: v128, limit: v128, factor: v128, left: i32): void {
  const keep = i16x8.ge_u(words, limit);
  if (left > 0) {
    const mask = v128.and(i32x4.extend_low_i16x8_s(keep), factor);
    v128.store(out, f32x4.mul(v128.load(x), mask));
  }
  if (left > 4) {
    const mask = v128.and(i32x4.extend_high_i16x8_s(keep), factor);
    v128.store(out, f32x4.mul(v128.load(x, 16), mask), 16);
  }
}

/** The upper 32 bits of four products of unsigned words. */
function multiplyHigh(a: v128, b: v128): v128 {
  const low = i64x2.extmul_low_i32x4_u(a, b);
  const high = i64x2.extmul_high_i32x4_u(a, b);
  return v128.shuffle<i32>(low, high, 1, 3, 5, 7);
}
