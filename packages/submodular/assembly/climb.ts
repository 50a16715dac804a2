// Exact greedy on facility location: the whole of it, step after step. Its state starts with four float64 (the gain of
// the last item, unit, roundings, evaluations); then come, one float64 for each candidate, the gains, gains summed
// anew, the kept ones those belong to, and 0 or -Infinity for open and closed; then the cover and the list of rises;
// then for each step what it brought, and its item.

import { addGains, lower, width } from "./facility";

const UNIT: usize = 8;
const ROUNDINGS: usize = 16;
const EVALUATIONS: usize = 24;
const HEAD: usize = 32;
/** Steps that have room. */
const STEPS: usize = 64;
/** The slack of {@link lower} in units: 2^33. */
const SLACK: f64 = 8589934592;

function coverOf(state: usize, size: i32): usize {
  return state + HEAD + 4 * width(size);
}

function listOf(cover: usize, points: i32): usize {
  return cover + ((<usize>((points + 3) & ~3)) << 2);
}

/** Whether none of the four entries of the column up to row `i` is above its cover. */
function isCovered(column: usize, cover: usize, i: i32): bool {
  const first = (<usize>(i - 3)) << 2;
  return !v128.any_true(f32x4.gt(v128.load(column + first), v128.load(cover + first)));
}

/** Float64 sum, from the last point to the first, of float32 differences above the cover. */
function gainOf(column: usize, step: usize, points: i32, cover: usize): f64 {
  let gain: f64 = 0;
  for (let i = points - 1; i >= 0; i--) {
    if (step === 4 && (i & 3) === 3 && isCovered(column, cover, i)) {
      i -= 3;
      continue;
    }
    const s = load<f32>(column + <usize>i * step);
    const low = load<f32>(cover + ((<usize>i) << 2));
    if (s > low) gain += <f64>(s - low);
  }
  return gain;
}

/** Sums all gains anew. */
function renew(rows: usize, points: i32, size: i32, state: usize): void {
  const gains = state + HEAD;
  const bytes = width(size);
  memory.fill(gains, 0, bytes);
  addGains(rows, points, size, coverOf(state, size), gains);
  // nothing is known of earlier sums
  memory.fill(gains + 2 * bytes, 255, bytes);
  let largest: f64 = 0;
  for (let j = 0; j < size; j++) largest = max(largest, load<f64>(gains + ((<usize>j) << 3)));
  store<f64>(state, largest / 4503599627370496, UNIT);
  store<f64>(state, 0, ROUNDINGS);
}

/**
 * Raises the cover to the column of an item, which may be read as a row where `turned`, and corrects all gains, or sums
 * them anew where more than half of the points rise. Leaves at `state` what the item brings.
 */
export function grow(rows: usize, points: i32, size: i32, turned: bool, state: usize, item: i32): void {
  const row = (<usize>size) << 2;
  const step: usize = turned ? 4 : row;
  const column = rows + <usize>item * (turned ? row : 4);
  const cover = coverOf(state, size);
  const list = listOf(cover, points);
  let gain: f64 = 0;
  let rises = 0;
  for (let i = points - 1; i >= 0; i--) {
    if (step === 4 && (i & 3) === 3 && isCovered(column, cover, i)) {
      i -= 3;
      continue;
    }
    const place = cover + ((<usize>i) << 2);
    const top = load<f32>(column + <usize>i * step);
    const old = load<f32>(place);
    if (top <= old) continue;
    store<f32>(place, top);
    gain += <f64>(top - old);
    const p = list + ((<usize>rises) << 4);
    store<u32>(p, rows + ((<usize>i * <usize>size) << 2));
    store<f32>(p, old, 4);
    store<f32>(p, top, 8);
    rises++;
  }
  store<f64>(state, gain);
  if (rises === 0) return;
  if (2 * rises > points) {
    renew(rows, points, size, state);
    return;
  }
  lower(list, rises, size, state + HEAD, load<f64>(state, UNIT) * SLACK);
  const roundings = load<f64>(state, ROUNDINGS);
  // the sum that would start anew is rounded for every point as well
  store<f64>(state, roundings + <f64>(roundings === 0 ? rises + points : rises), ROUNDINGS);
}

function score(gains: usize, shut: usize): v128 {
  return f64x2.add(v128.load(gains), v128.load(shut));
}

/** The largest gain of an open candidate. */
function highest(gains: usize, shut: usize, bytes: usize): f64 {
  let a = f64x2.splat(-Infinity);
  let b = a;
  let c = a;
  let d = a;
  for (let x: usize = 0; x < bytes; x += 64) {
    a = f64x2.pmax(a, score(gains + x, shut + x));
    b = f64x2.pmax(b, score(gains + x + 16, shut + x + 16));
    c = f64x2.pmax(c, score(gains + x + 32, shut + x + 32));
    d = f64x2.pmax(d, score(gains + x + 48, shut + x + 48));
  }
  a = f64x2.pmax(f64x2.pmax(a, b), f64x2.pmax(c, d));
  return max(f64x2.extract_lane(a, 0), f64x2.extract_lane(a, 1));
}

/** Which of four open candidates, two and two in one lane, may have a gain of `bar` when each may be off. */
function isNear(gains: usize, shut: usize, tolerance: f64, bar: f64): v128 {
  const off = f64x2.splat(tolerance);
  const bars = f64x2.splat(bar);
  const low = f64x2.ge(f64x2.add(score(gains, shut), off), bars);
  return v128.or(low, f64x2.ge(f64x2.add(score(gains + 16, shut + 16), off), bars));
}

/**
 * Up to `most` steps of exact greedy among the open candidates; ends before one that brings less than `least`, or when
 * none is open. Gains closer than their tolerance are settled by sums anew.
 *
 * @param turned - Whether a column may be read as a row.
 * @param high - Whether the last of equally good candidates goes first.
 * @returns How many steps.
 */
export function climb(
  rows: usize,
  points: i32,
  size: i32,
  turned: bool,
  state: usize,
  most: i32,
  high: bool,
  least: f64,
): i32 {
  const bytes = width(size);
  const gains = state + HEAD;
  const fresh = gains + bytes;
  const seen = fresh + bytes;
  const shut = seen + bytes;
  const cover = shut + bytes;
  const added = listOf(cover, points) + ((<usize>points) << 4);
  const items = added + 8 * STEPS;
  const row = (<usize>size) << 2;
  const across: usize = turned ? row : 4;
  const step: usize = turned ? 4 : row;
  memory.fill(seen, 255, bytes);

  for (let t = 0; t < most; t++) {
    const top = highest(gains, shut, bytes);
    if (top === -Infinity) return t;
    const tolerance = load<f64>(state, ROUNDINGS) * load<f64>(state, UNIT);
    const bar = top - tolerance;
    let item = 0;
    let close = 0;
    for (let x: usize = 0; x < bytes; x += 64) {
      const near = v128.or(
        isNear(x + gains, x + shut, tolerance, bar),
        isNear(x + gains + 32, x + shut + 32, tolerance, bar),
      );
      if (!v128.any_true(near)) continue;
      for (let y = x; y < x + 64; y += 8) {
        if (!(load<f64>(gains + y) + load<f64>(shut + y) + tolerance >= bar)) continue;
        item = <i32>(y >> 3);
        close++;
      }
    }
    // one alone that is not near the limit needs no second look
    if (close > 1 || top - tolerance < least) {
      let best: f64 = -Infinity;
      for (let j = 0; j < size; j++) {
        const at = (<usize>j) << 3;
        const kept = load<f64>(gains + at);
        if (!(kept + load<f64>(shut + at) + tolerance >= bar)) continue;
        // a kept gain that no correction has touched means an unchanged sum
        if (kept !== load<f64>(seen + at)) {
          store<f64>(seen + at, kept);
          store<f64>(fresh + at, gainOf(rows + <usize>j * across, step, points, cover));
        }
        store<f64>(state, load<f64>(state, EVALUATIONS) + 1, EVALUATIONS);
        const gain = load<f64>(fresh + at);
        if (gain < best || (gain === best && !high)) continue;
        best = gain;
        item = j;
      }
      if (best < least) return t;
    }
    grow(rows, points, size, turned, state, item);
    store<f64>(shut + ((<usize>item) << 3), -Infinity);
    store<f64>(added + ((<usize>t) << 3), load<f64>(state));
    store<i32>(items + ((<usize>t) << 2), item);
  }
  return most;
}
