// Facility location. Pointers are byte offsets into the imported memory; rows are `size` float32 apart. All loops go
// over strips of 16 columns: what the last strip reads and writes behind its row means nothing, and has room.

/** Bytes of a strip in a row. Its float64 gains take twice as many. */
const STRIP: usize = 64;
/** Bytes of a rise: where its row starts, the cover before and after, the point. */
export const RISE: usize = 16;
/** Rises that are summed up in float32 at most: as many as the caller's slack allows for. */
const GROUP: usize = 8 * RISE;

/** Bytes of one float64 for each candidate, whole strips. */
export function width(size: i32): usize {
  return (<usize>((size + 15) & ~15)) << 3;
}

/** Bytes of `count` float32, whole vectors. */
export function padded(count: i32): usize {
  return (<usize>((count + 3) & ~3)) << 2;
}

function high(v: v128): v128 {
  return i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
}

function aboveZero(s: v128, low: v128): v128 {
  return f32x4.pmax(f32x4.splat(0), f32x4.sub(s, low));
}

function addLow(sum: v128, part: v128): v128 {
  return f64x2.add(sum, f64x2.promote_low_f32x4(part));
}

/** gains[j] += sum over rows, from the last to the first, of max(0, s - cover[row]). */
export function addGains(rows: usize, count: i32, size: i32, cover: usize, gains: usize): void {
  const bytes = (<usize>size) << 2;
  const end = width(size) >> 1;
  for (let x: usize = 0; x < end; x += STRIP >> 1) {
    const out = gains + (x << 1);
    let g0 = v128.load(out);
    let g1 = v128.load(out, 16);
    let g2 = v128.load(out, 32);
    let g3 = v128.load(out, 48);
    let at = rows + <usize>(count - 1) * bytes + x;
    for (let low = cover + ((<usize>count) << 2); low > cover; at -= bytes) {
      low -= 4;
      const lows = v128.load32_splat(low);
      const u = aboveZero(v128.load(at), lows);
      const v = aboveZero(v128.load(at, 16), lows);
      g0 = addLow(g0, u);
      g1 = addLow(g1, high(u));
      g2 = addLow(g2, v);
      g3 = addLow(g3, high(v));
    }
    v128.store(out, g0);
    v128.store(out, g1, 16);
    v128.store(out, g2, 32);
    v128.store(out, g3, 48);
  }
}

function takeLow(out: usize, part: v128): void {
  v128.store(out, f64x2.sub(v128.load(out), f64x2.promote_low_f32x4(part)));
}

function takeFour(out: usize, part: v128): void {
  takeLow(out, part);
  takeLow(out + 16, high(part));
}

/** What the rise of a cover from `old` to `top` takes from four gains: s - old less s - top, above 0, in float32. */
function loss(s: v128, old: v128, top: v128): v128 {
  return f32x4.sub(aboveZero(s, old), aboveZero(s, top));
}

/** Takes from the gains what all rises from `first` to `end` bring, their float32 sums being exact. */
function lowerTogether(first: usize, end: usize, size: i32, gains: usize): void {
  const row = width(size) >> 1;
  for (let x: usize = 0; x < row; x += STRIP) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let p = first; p < end; p += RISE) {
      const at = <usize>load<u32>(p) + x;
      const old = v128.load32_splat(p, 4);
      const top = v128.load32_splat(p, 8);
      s0 = f32x4.add(s0, loss(v128.load(at), old, top));
      s1 = f32x4.add(s1, loss(v128.load(at, 16), old, top));
      s2 = f32x4.add(s2, loss(v128.load(at, 32), old, top));
      s3 = f32x4.add(s3, loss(v128.load(at, 48), old, top));
    }
    const out = gains + (x << 1);
    takeFour(out, s0);
    takeFour(out + 32, s1);
    takeFour(out + 64, s2);
    takeFour(out + 96, s3);
  }
}

/** Losses of which none above 0 is below `least`. */
function atLeast(least: v128, loss: v128): v128 {
  return f64x2.pmax(loss, v128.and(least, f64x2.gt(loss, f64x2.splat(0))));
}

/** The same for the one rise at `p`, its differences taken in float64; those above 0 count as `least` at least. */
function lowerAlone(p: usize, size: i32, gains: usize, least: v128): void {
  const row = <usize>load<u32>(p);
  const old = v128.load32_splat(p, 4);
  const top = v128.load32_splat(p, 8);
  const end = row + (width(size) >> 1);
  for (let at = row, out = gains; at < end; at += 16, out += 32) {
    const s = v128.load(at);
    // many candidates bring this point nothing any more
    if (!v128.any_true(f32x4.gt(s, old))) continue;
    const before = aboveZero(s, old);
    const after = aboveZero(s, top);
    const low = f64x2.sub(f64x2.promote_low_f32x4(before), f64x2.promote_low_f32x4(after));
    v128.store(out, f64x2.sub(v128.load(out), atLeast(least, low)));
    const rest = f64x2.sub(f64x2.promote_low_f32x4(high(before)), f64x2.promote_low_f32x4(high(after)));
    v128.store(out, f64x2.sub(v128.load(out, 16), atLeast(least, rest)), 16);
  }
}

/** 2^24 units in the last place of `low`: float32 holds every multiple of such a unit up to here. */
function reach(low: f32): f64 {
  return 2 * <f64>reinterpret<f32>(reinterpret<u32>(low) & 0x7f800000);
}

/**
 * Where the rises end that go together with the one at `first`: neighbouring ones as long as their sum and `slack` are
 * within reach of the lowest cover, so that nothing is rounded but the gain. `first` itself where it goes alone.
 */
export function endOfGroup(first: usize, end: usize, slack: f64): usize {
  let low = load<f32>(first, 4);
  let sum = slack;
  let next = first;
  for (const most = min(end, first + GROUP); next < most; next += RISE) {
    low = min(low, load<f32>(next, 4));
    sum += <f64>load<f32>(next, 8) - <f64>load<f32>(next, 4);
    if (sum > reach(low)) break;
  }
  return next;
}

/**
 * gains[j] -= max(0, s - old) - max(0, s - top) for each rise of the group from `first` to `next`; returns its end. What is above 0
 * counts as `least` at least, so that no correction is lost in a gain: in a group it is a multiple of 2^-24 of its reach, and the
 * caller's slack keeps that above `least`.
 */
export function lower(first: usize, next: usize, size: i32, gains: usize, least: v128): usize {
  if (next === first) {
    lowerAlone(first, size, gains, least);
    return first + RISE;
  }
  lowerTogether(first, next, size, gains);
  return next;
}
