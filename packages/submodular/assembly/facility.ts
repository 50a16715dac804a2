// Facility location. Pointers are byte offsets into the imported memory; rows are `size` float32 apart.

function high(v: v128): v128 {
  return i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
}

function aboveZero(s: v128, low: v128): v128 {
  return f32x4.pmax(f32x4.splat(0), f32x4.sub(s, low));
}

/** Adds to two float64 gains at `out`. */
function addTwo(out: usize, rise: v128): void {
  v128.store(out, f64x2.add(v128.load(out), f64x2.promote_low_f32x4(rise)));
}

/**
 * gains[j] += sum over rows, from the last to the first, of max(0, s - cover[row]).
 */
export function addGains(rows: usize, count: i32, size: i32, cover: usize, gains: usize): void {
  const bytes = (<usize>size) << 2;
  for (let i = count - 1; i >= 0; i--) {
    const low = load<f32>(cover + ((<usize>i) << 2));
    const lows = f32x4.splat(low);
    let at = rows + <usize>i * bytes;
    let out = gains;
    const end = at + (bytes & ~15);
    for (; at < end; at += 16, out += 32) {
      const rise = aboveZero(v128.load(at), lows);
      addTwo(out, rise);
      addTwo(out + 16, high(rise));
    }
    for (let j = size & ~3; j < size; j++, at += 4, out += 8) {
      const rise = load<f32>(at) - low;
      if (rise > 0) store<f64>(out, load<f64>(out) + <f64>rise);
    }
  }
}

/** What the rise of a cover from `old` to `top` takes from two float64 gains at `out`: s - old less s - top, above 0. */
function lower(out: usize, before: v128, after: v128): void {
  const loss = f64x2.sub(f64x2.promote_low_f32x4(before), f64x2.promote_low_f32x4(after));
  v128.store(out, f64x2.sub(v128.load(out), loss));
}

/** The same for four gains. */
function lowerFour(out: usize, s: v128, old: v128, top: v128): void {
  const before = aboveZero(s, old);
  const after = aboveZero(s, top);
  lower(out, before, after);
  lower(out + 16, high(before), high(after));
}

/** The cover of the row at `at` rises from `old` to `top`: gains[j] -= max(0, s - old) - max(0, s - top). */
export function raise(at: usize, size: i32, old: f32, top: f32, gains: usize): void {
  const olds = f32x4.splat(old);
  const tops = f32x4.splat(top);
  const end = at + ((<usize>(size & ~7)) << 2);
  let out = gains;
  for (; at < end; at += 32, out += 64) {
    const u = v128.load(at);
    const v = v128.load(at, 16);
    // most candidates bring this point nothing any more
    if (!v128.any_true(v128.or(f32x4.gt(u, olds), f32x4.gt(v, olds)))) continue;
    lowerFour(out, u, olds, tops);
    lowerFour(out + 32, v, olds, tops);
  }
  for (let j = size & ~7; j < size; j++, at += 4, out += 8) {
    const before = load<f32>(at) - old;
    const after = load<f32>(at) - top;
    if (before > 0) store<f64>(out, load<f64>(out) - (<f64>before - (after > 0 ? <f64>after : 0)));
  }
}

/**
 * Raises the cover of `points` rows to the column that starts at `column`, `step` bytes from entry to entry, and
 * corrects the gains. Returns what the column brings, summed from the last row to the first; `count` says for how many.
 */
export function grow(
  rows: usize,
  points: i32,
  size: i32,
  column: usize,
  step: usize,
  cover: usize,
  gains: usize,
  count: usize,
): f64 {
  let gain: f64 = 0;
  let rises = 0;
  for (let i = points - 1; i >= 0; i--) {
    const place = cover + ((<usize>i) << 2);
    const top = load<f32>(column + <usize>i * step);
    const old = load<f32>(place);
    if (top <= old) continue;
    store<f32>(place, top);
    gain += <f64>(top - old);
    raise(rows + <usize>(i * size) * 4, size, old, top, gains);
    rises++;
  }
  store<i32>(count, rises);
  return gain;
}
