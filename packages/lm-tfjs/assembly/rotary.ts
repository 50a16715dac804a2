/**
 * Rotates the first `turned` entries of each head of `x` `[batch tokens, heads size]` by its position: with a and b their halves,
 * `(a cos - b sin, b cos + a sin)`; the others are copied. `cosine` and `sine` are `[tokens, turned / 2]`; the sine is multiplied
 * by `sign`. `turned` even.
 */
export function rotate(
  x: usize,
  out: usize,
  cosine: usize,
  sine: usize,
  batch: i32,
  tokens: i32,
  heads: i32,
  size: i32,
  turned: i32,
  sign: f32,
): void {
  const half = usize(turned >> 1) << 2;
  const head = usize(size) << 2;
  const vectors = half & ~15;
  const factor = f32x4.splat(sign);
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t < tokens; t++) {
      const c = cosine + usize(t) * half;
      const s = sine + usize(t) * half;
      for (let h = 0; h < heads; h++) {
        let at: usize = 0;
        for (; at < vectors; at += 16) {
          const first = v128.load(x + at);
          const second = v128.load(x + half + at);
          const cos = v128.load(c + at);
          const sin = f32x4.mul(v128.load(s + at), factor);
          v128.store(out + at, f32x4.sub(f32x4.mul(first, cos), f32x4.mul(second, sin)));
          v128.store(out + half + at, f32x4.add(f32x4.mul(second, cos), f32x4.mul(first, sin)));
        }
        for (; at < half; at += 4) {
          const first = load<f32>(x + at);
          const second = load<f32>(x + half + at);
          const cos = load<f32>(c + at);
          const sin = load<f32>(s + at) * sign;
          store<f32>(out + at, first * cos - second * sin);
          store<f32>(out + half + at, second * cos + first * sin);
        }
        for (at = half + half; at < head; at += 4) store<f32>(out + at, load<f32>(x + at));
        x += head;
        out += head;
      }
    }
  }
}
