// Exact greedy on facility location: the whole of it, step after step, on similarities that stand here or are brought
// row by row while it runs. A state is a head, then, one float64 for each candidate, the gains, gains summed anew, the
// kept ones those belong to, and 0 or -Infinity for open and closed; then the cover, a column and the list of rises;
// then for each step what it brought, and its item. The rows themselves start at 0.

import { bringColumn, bringRows } from "./env";
import { addGains, endOfGroup, lower, padded, RISE, width } from "./facility";
import { begin, isSymmetric, look } from "./fingerprint";

/** What the caller knows as well. */
@unmanaged
class Head {
  /** What the last item brought. */
  gain: f64;
  unit: f64;
  roundings: f64;
  evaluations: f64;
  points: i32;
  size: i32;
  /** So many rows, the first ones, stand here; each other one is brought behind them when it matters. */
  resident: i32;
  /** Whether the similarities are symmetric, so that a column may be read as a row. */
  symmetric: i32;
}

const HEAD: usize = 48;
/** Steps that have room. */
const STEPS: usize = 64;
/** Rows that are brought together at most, as many as go together in {@link lower}. */
const BATCH: i32 = 8;
/** The slack of {@link lower} in units: 2^33. */
const SLACK: f64 = 8589934592;

function coverOf(state: usize, size: i32): usize {
  return state + HEAD + 4 * width(size);
}

/** Where the column of an item was brought to, or stands as a row. */
function columnOf(state: usize, item: i32): usize {
  const head = changetype<Head>(state);
  if (item < head.resident && head.symmetric) return (<usize>item * <usize>head.size) << 2;
  bringColumn(item);
  return coverOf(state, head.size) + padded(head.points);
}

/** Whether none of the four entries of the column up to row `i` is above its cover. */
function isCovered(column: usize, cover: usize, i: i32): bool {
  const first = (<usize>(i - 3)) << 2;
  return !v128.any_true(f32x4.gt(v128.load(column + first), v128.load(cover + first)));
}

/** Float64 sum, from the last point to the first, of float32 differences above the cover. */
function gainOf(column: usize, points: i32, cover: usize): f64 {
  let gain: f64 = 0;
  for (let i = points - 1; i >= 0; i--) {
    if ((i & 3) === 3 && isCovered(column, cover, i)) {
      i -= 3;
      continue;
    }
    const s = load<f32>(column + ((<usize>i) << 2));
    const low = load<f32>(cover + ((<usize>i) << 2));
    if (s > low) gain += <f64>(s - low);
  }
  return gain;
}

/** Sums all gains anew; finds out whether the rows are symmetric where `first`. */
function renew(state: usize, first: bool): void {
  const head = changetype<Head>(state);
  const points = head.points;
  const size = head.size;
  const resident = head.resident;
  const row = (<usize>size) << 2;
  const gains = state + HEAD;
  const bytes = width(size);
  const cover = coverOf(state, size);
  // what comes after the gains is of no use yet
  const print = gains + bytes;
  const printed = padded(size);
  const square = first && points === size && !head.symmetric;
  if (square) begin(print, size, printed);
  memory.fill(gains, 0, bytes);
  for (let end = points; end > 0; ) {
    const stays = end <= resident;
    const start = stays ? 0 : max(resident, end - BATCH);
    const rows = stays ? 0 : <usize>resident * row;
    if (!stays) bringRows(start, end - start, resident);
    addGains(rows, end - start, size, cover + ((<usize>start) << 2), gains);
    if (square) look(rows, start, end - start, size, print, printed);
    end = start;
  }
  if (square && isSymmetric(print, printed)) head.symmetric = 1;
  // nothing is known of earlier sums
  memory.fill(gains + 2 * bytes, 255, bytes);
  let largest: f64 = 0;
  for (let j = 0; j < size; j++) largest = max(largest, load<f64>(gains + ((<usize>j) << 3)));
  head.unit = largest / 4503599627370496;
  head.roundings = 0;
}

/** Sums up all gains above the cover for the first time. */
export function start(state: usize): void {
  renew(state, true);
}

/** Corrects the gains for rises, whose rows are brought group by group. */
function correct(state: usize, list: usize, rises: i32): void {
  const head = changetype<Head>(state);
  const size = head.size;
  const slack = head.unit * SLACK;
  const least = f64x2.splat(head.unit);
  const row = (<usize>size) << 2;
  const resident = head.resident;
  const end = list + <usize>rises * RISE;
  for (let p = list; p < end; ) {
    const next = endOfGroup(p, end, slack);
    for (let q = p; q < max(next, p + RISE); q += RISE) {
      const point = load<i32>(q, 12);
      const stays = point < resident;
      const place = stays ? point : resident + <i32>((q - p) / RISE);
      if (!stays) bringRows(point, 1, place);
      store<u32>(q, <usize>place * row);
    }
    p = lower(p, next, size, state + HEAD, least);
  }
}

function listOf(state: usize): usize {
  const head = changetype<Head>(state);
  return coverOf(state, head.size) + 2 * padded(head.points);
}

/**
 * Raises the cover to the column of an item and corrects all gains, or sums them anew where more than half of the points
 * rise. Leaves in the head what the item brings.
 */
export function grow(state: usize, item: i32): void {
  const head = changetype<Head>(state);
  const points = head.points;
  const column = columnOf(state, item);
  const cover = coverOf(state, head.size);
  const list = listOf(state);
  let gain: f64 = 0;
  let rises = 0;
  for (let i = points - 1; i >= 0; i--) {
    if ((i & 3) === 3 && isCovered(column, cover, i)) {
      i -= 3;
      continue;
    }
    const place = cover + ((<usize>i) << 2);
    const top = load<f32>(column + ((<usize>i) << 2));
    const old = load<f32>(place);
    if (top <= old) continue;
    store<f32>(place, top);
    gain += <f64>(top - old);
    const p = list + <usize>rises * RISE;
    store<f32>(p, old, 4);
    store<f32>(p, top, 8);
    store<i32>(p, i, 12);
    rises++;
  }
  head.gain = gain;
  if (rises === 0) return;
  if (2 * rises > points) {
    renew(state, false);
    return;
  }
  correct(state, list, rises);
  // the sum that would start anew is rounded for every point as well
  head.roundings += <f64>(head.roundings === 0 ? rises + points : rises);
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
 * @param high - Whether the last of equally good candidates goes first.
 * @returns How many steps.
 */
export function climb(state: usize, most: i32, high: bool, least: f64): i32 {
  const head = changetype<Head>(state);
  const size = head.size;
  const bytes = width(size);
  const gains = state + HEAD;
  const fresh = gains + bytes;
  const seen = fresh + bytes;
  const shut = seen + bytes;
  const cover = shut + bytes;
  const added = listOf(state) + <usize>head.points * RISE;
  const items = added + 8 * STEPS;
  memory.fill(seen, 255, bytes);

  for (let t = 0; t < most; t++) {
    const top = highest(gains, shut, bytes);
    if (top === -Infinity) return t;
    const tolerance = 2 * head.roundings * head.unit;
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
          store<f64>(fresh + at, gainOf(columnOf(state, j), head.points, cover));
        }
        head.evaluations += 1;
        const gain = load<f64>(fresh + at);
        if (gain < best || (gain === best && !high)) continue;
        best = gain;
        item = j;
      }
      if (best < least) return t;
    }
    grow(state, item);
    store<f64>(shut + ((<usize>item) << 3), -Infinity);
    store<f64>(added + ((<usize>t) << 3), head.gain);
    store<i32>(items + ((<usize>t) << 2), item);
  }
  return most;
}
