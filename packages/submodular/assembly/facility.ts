// Facility location. Pointers are byte offsets into the imported memory; rows are `size` float32 apart.

function high(v: v128): v128 {
  return i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
}

/**
 * gains[j] += sum over rows, from the last to the first, of max(0, s - cover[row]).
 */
export function addGains(rows: usize, count: i32, size: i32, cover: usize, gains: usize): void {
  const zero = f32x4.splat(0);
  const bytes = (<usize>size) << 2;
  for (let i = count - 1; i >= 0; i--) {
    const low = load<f32>(cover + ((<usize>i) << 2));
    const lows = f32x4.splat(low);
    let at = rows + <usize>i * bytes;
    let out = gains;
    const end = at + (bytes & ~15);
    for (; at < end; at += 16, out += 32) {
      const rise = f32x4.pmax(zero, f32x4.sub(v128.load(at), lows));
      v128.store(out, f64x2.add(v128.load(out), f64x2.promote_low_f32x4(rise)));
      v128.store(out, f64x2.add(v128.load(out, 16), f64x2.promote_low_f32x4(high(rise))), 16);
    }
    for (let j = size & ~3; j < size; j++, at += 4, out += 8) {
      const rise = load<f32>(at) - low;
      if (rise > 0) store<f64>(out, load<f64>(out) + <f64>rise);
    }
  }
}

/**
 * The cover of `count` rows rises from `olds` to `raised`: gains[j] -= max(0, s - old) - max(0, s - raised).
 * `index[t]` is the place of row t.
 */
export function raise(
  rows: usize,
  index: usize,
  count: i32,
  size: i32,
  olds: usize,
  raised: usize,
  gains: usize,
): void {
  const zero = f32x4.splat(0);
  const bytes = (<usize>size) << 2;
  for (let t = 0; t < count; t++) {
    const place = (<usize>t) << 2;
    const o = load<f32>(olds + place);
    const r = load<f32>(raised + place);
    const old = f32x4.splat(o);
    const top = f32x4.splat(r);
    let at = rows + <usize>load<i32>(index + place) * bytes;
    let out = gains;
    const end = at + (bytes & ~31);
    for (; at < end; at += 32, out += 64) {
      const u = v128.load(at);
      const v = v128.load(at, 16);
      if (!v128.any_true(v128.or(f32x4.gt(u, old), f32x4.gt(v, old)))) continue;
      const a = f32x4.pmax(zero, f32x4.sub(u, old));
      const b = f32x4.pmax(zero, f32x4.sub(u, top));
      v128.store(
        out,
        f64x2.sub(v128.load(out), f64x2.sub(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(b))),
      );
      v128.store(
        out,
        f64x2.sub(
          v128.load(out, 16),
          f64x2.sub(f64x2.promote_low_f32x4(high(a)), f64x2.promote_low_f32x4(high(b))),
        ),
        16,
      );
      const c = f32x4.pmax(zero, f32x4.sub(v, old));
      const d = f32x4.pmax(zero, f32x4.sub(v, top));
      v128.store(
        out,
        f64x2.sub(v128.load(out, 32), f64x2.sub(f64x2.promote_low_f32x4(c), f64x2.promote_low_f32x4(d))),
        32,
      );
      v128.store(
        out,
        f64x2.sub(
          v128.load(out, 48),
          f64x2.sub(f64x2.promote_low_f32x4(high(c)), f64x2.promote_low_f32x4(high(d))),
        ),
        48,
      );
    }
    for (let j = size & ~7; j < size; j++, at += 4, out += 8) {
      const before = load<f32>(at) - o;
      if (before > 0) {
        const after = load<f32>(at) - r;
        store<f64>(out, load<f64>(out) - (after > 0 ? <f64>before - <f64>after : <f64>before));
      }
    }
  }
}
