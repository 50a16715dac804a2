import { exponential, horizontalMax, horizontalSum } from "./exponential";
import { multiplyAdd } from "./multiply-add";
import { packColumns, packRows, panelWidth } from "./panel";
import { product } from "./product";
import { ROWS } from "./tile";

/** Floats between the end of a row of scores and the next: rows a power of two apart would fight over the same lines of the cache. */
const GAP = 16;

/**
 * Causal attention over right-padded sequences. q and out are `[batch tokens, heads size]`, k and v `[batch tokens, kvHeads size]`;
 * query i sees the last `window` of the keys `0 .. min(i, length - 1)`. `size` a multiple of 4, `window` at least 1. Scratch:
 * `96 + 2 width padded + 6 (padded + 16)` floats, `padded` and `width` = tokens and size rounded up to a multiple of 16.
 */
export function attentionForward(
  q: usize,
  k: usize,
  v: usize,
  out: usize,
  lengths: usize,
  scratch: usize,
  batch: i32,
  tokens: i32,
  heads: i32,
  kvHeads: i32,
  size: i32,
  window: i32,
): void {
  const whole = panelWidth();
  const padded = roundedUp(tokens);
  const group = heads / kvHeads;
  const qRow = usize(heads * size) << 2;
  const kvRow = usize(kvHeads * size) << 2;
  const line = usize(padded + GAP) << 2;
  const panel = usize(whole) << 2;
  const keyPanel = usize(size) * panel;
  const valuePanel = usize(tokens) * panel;
  const keys = scratch + 384;
  const values = keys + (usize(size * padded) << 2);
  const scores = values + (usize(tokens * roundedUp(size)) << 2);
  const scale = f32(1.0 / Math.sqrt(f64(size)));
  for (let b = 0; b < batch; b++) {
    const length = max(load<i32>(lengths + (usize(b) << 2)), 1);
    for (let g = 0; g < kvHeads; g++) {
      const kv = usize(b * tokens) * kvRow + (usize(g * size) << 2);
      packTokens(k + kv, kvRow, keys, tokens, size);
      packEntries(v + kv, kvRow, values, tokens, size);
      for (let h = g * group; h < (g + 1) * group; h++) {
        const at = usize(b * tokens) * qRow + (usize(h * size) << 2);
        for (let i = 0; i < tokens; i += ROWS) {
          const rows = min(ROWS, tokens - i);
          const seen = min(i + rows, length);
          const first = firstKey(i, length, window) & -whole;
          const width = (seen - first + whole - 1) & -whole;
          const from = at + usize(i) * qRow;
          const near = keys + (usize(first * size) << 2);
          product(q + from, qRow, 4, near, panel, keyPanel, scores, line, scratch, rows, width, size, false);
          for (let r = 0; r < rows; r++) {
            const start = firstKey(i + r, length, window) - first;
            softmax(scores + usize(r) * line, start, min(i + r + 1, length) - first, width, scale);
          }
          const shown = values + usize(first) * panel;
          product(
            scores,
            line,
            4,
            shown,
            panel,
            valuePanel,
            out + from,
            qRow,
            scratch,
            rows,
            size,
            seen - first,
            false,
          );
        }
      }
    }
  }
}

/**
 * Gradients of `attentionForward` by q, k and v from `dout`, that by its result. Probabilities are computed again.
 * Scratch: `96 + 5 width padded + 2 tokens (padded + 16)` floats.
 */
export function attentionBackward(
  q: usize,
  k: usize,
  v: usize,
  dout: usize,
  dq: usize,
  dk: usize,
  dv: usize,
  lengths: usize,
  scratch: usize,
  batch: i32,
  tokens: i32,
  heads: i32,
  kvHeads: i32,
  size: i32,
  window: i32,
): void {
  const whole = panelWidth();
  const padded = roundedUp(tokens);
  const group = heads / kvHeads;
  const qRow = usize(heads * size) << 2;
  const kvRow = usize(kvHeads * size) << 2;
  const line = usize(padded + GAP) << 2;
  const panel = usize(whole) << 2;
  const turnedPanel = usize(size) * panel;
  const straightPanel = usize(tokens) * panel;
  const turned = usize(size * padded) << 2;
  const straight = usize(tokens * roundedUp(size)) << 2;
  const turnedKeys = scratch + 384;
  const turnedValues = turnedKeys + turned;
  const keys = turnedValues + turned;
  const queries = keys + straight;
  const slopes = queries + straight;
  const p = slopes + straight;
  const ds = p + usize(tokens) * line;
  const scale = f32(1.0 / Math.sqrt(f64(size)));
  for (let b = 0; b < batch; b++) {
    const length = max(load<i32>(lengths + (usize(b) << 2)), 1);
    // the end of the last block of keys that somebody sees: up to there rows of p are read below
    const reach = min(((length + ROWS - 1) / ROWS) * ROWS, tokens);
    for (let g = 0; g < kvHeads; g++) {
      const kv = usize(b * tokens) * kvRow + (usize(g * size) << 2);
      packTokens(k + kv, kvRow, turnedKeys, tokens, size);
      packTokens(v + kv, kvRow, turnedValues, tokens, size);
      packEntries(k + kv, kvRow, keys, tokens, size);
      for (let h = g * group; h < (g + 1) * group; h++) {
        const at = usize(b * tokens) * qRow + (usize(h * size) << 2);
        packEntries(q + at, qRow, queries, tokens, size);
        packEntries(dout + at, qRow, slopes, tokens, size);
        for (let i = 0; i < tokens; i += ROWS) {
          const rows = min(ROWS, tokens - i);
          const seen = min(i + rows, length);
          const first = firstKey(i, length, window) & -whole;
          // whole panels, and no more: what stands behind them was never written
          const width = (min(i + rows, reach) - first + whole - 1) & -whole;
          const from = at + usize(i) * qRow;
          const left = usize(first) << 2;
          const pi = p + usize(i) * line + left;
          const dsi = ds + usize(i) * line + left;
          const near = usize(first * size) << 2;
          product(
            q + from,
            qRow,
            4,
            turnedKeys + near,
            panel,
            turnedPanel,
            pi,
            line,
            scratch,
            rows,
            width,
            size,
            false,
          );
          product(
            dout + from,
            qRow,
            4,
            turnedValues + near,
            panel,
            turnedPanel,
            dsi,
            line,
            scratch,
            rows,
            width,
            size,
            false,
          );
          for (let r = 0; r < rows; r++) {
            const row = usize(r) * line;
            const start = firstKey(i + r, length, window) - first;
            softmax(pi + row, start, min(i + r + 1, length) - first, width, scale);
            scoreGradient(pi + row, dsi + row, width, scale);
            if (first > 0) {
              memory.fill(pi + row - left, 0, left);
              memory.fill(dsi + row - left, 0, left);
            }
          }
          const shown = keys + usize(first) * panel;
          product(
            dsi,
            line,
            4,
            shown,
            panel,
            straightPanel,
            dq + from,
            qRow,
            scratch,
            rows,
            size,
            seen - first,
            false,
          );
        }
        const add = h > g * group;
        for (let j = 0; j < tokens; j += ROWS) {
          const rows = min(ROWS, tokens - j);
          const to = kv + usize(j) * kvRow;
          // keys behind the end are seen by nobody, keys before the last window by no query that stands further on; and rows
          // of p reach no further than the queries of their own block
          const near = j + ROWS > length - window ? tokens - j : min(tokens - j, window + ROWS - 1);
          const count = j < length ? near : 0;
          const corner = usize(j) * line + (usize(j) << 2);
          const below = usize(j) * panel;
          product(
            p + corner,
            4,
            line,
            slopes + below,
            panel,
            straightPanel,
            dv + to,
            kvRow,
            scratch,
            rows,
            size,
            count,
            add,
          );
          product(
            ds + corner,
            4,
            line,
            queries + below,
            panel,
            straightPanel,
            dk + to,
            kvRow,
            scratch,
            rows,
            size,
            count,
            add,
          );
        }
      }
    }
  }
}

/** To a multiple of 16, the widest panel. */
function roundedUp(x: i32): i32 {
  return (x + 15) & -16;
}

/** The first key that query i sees; behind the end of its sequence a query sees what the last one sees. */
function firstKey(i: i32, length: i32, window: i32): i32 {
  return max(min(i + 1, length) - window, 0);
}

/** `x[j] = softmax(scale x)[j]` over the entries `start .. seen - 1`, 0 elsewhere up to `width`, a multiple of 4. */
function softmax(x: usize, start: i32, seen: i32, width: i32, scale: f32): void {
  const end = x + (usize(width) << 2);
  const begin = x + (usize(start) << 2);
  for (let at = x; at < begin; at += 4) store<f32>(at, -Infinity);
  for (let at = x + (usize(seen) << 2); at < end; at += 4) store<f32>(at, -Infinity);
  let top = f32x4.splat(-Infinity);
  for (let at = x; at < end; at += 16) top = f32x4.pmax(top, v128.load(at));
  const factor = f32x4.splat(scale);
  const shift = f32x4.splat(horizontalMax(top) * scale);
  let sum = f32x4.splat(0);
  for (let at = x; at < end; at += 16) {
    const e = exponential(f32x4.sub(f32x4.mul(v128.load(at), factor), shift));
    v128.store(at, e);
    sum = f32x4.add(sum, e);
  }
  // what is not seen went in as exp(-87), below the last bit of a sum of at least 1
  const inverse = f32x4.splat(1 / horizontalSum(sum));
  for (let at = x; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), inverse));
  for (let at = x; at < begin; at += 4) store<f32>(at, 0);
  for (let at = x + (usize(seen) << 2); at < end; at += 4) store<f32>(at, 0);
}

/** `ds = scale p (dp - sum(p dp))`, in the place of `dp`. */
function scoreGradient(p: usize, dp: usize, width: i32, scale: f32): void {
  const bytes = usize(width) << 2;
  let along = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    along = multiplyAdd(v128.load(p + at), v128.load(dp + at), along);
  }
  const mean = f32x4.splat(horizontalSum(along));
  const factor = f32x4.splat(scale);
  for (let at: usize = 0; at < bytes; at += 16) {
    const change = f32x4.sub(v128.load(dp + at), mean);
    v128.store(dp + at, f32x4.mul(f32x4.mul(v128.load(p + at), change), factor));
  }
}

/** Panels of `x'`, `x` `[tokens, size]` with rows `row` bytes apart: tokens side by side. */
function packTokens(x: usize, row: usize, to: usize, tokens: i32, size: i32): void {
  const whole = panelWidth();
  for (let t = 0; t < tokens; t += whole) {
    packRows(x + usize(t) * row, row, to + (usize(t * size) << 2), size, min(whole, tokens - t));
  }
}

/** Panels of `x` itself: entries side by side. */
function packEntries(x: usize, row: usize, to: usize, tokens: i32, size: i32): void {
  const whole = panelWidth();
  for (let d = 0; d < size; d += whole) {
    packColumns(x + (usize(d) << 2), row, to + (usize(d * tokens) << 2), tokens, min(whole, size - d));
  }
}
