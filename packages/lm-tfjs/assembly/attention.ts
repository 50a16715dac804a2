import { exponential, horizontalMax, horizontalSum } from "./exponential";
import { product } from "./product";

/**
 * Causal attention over right-padded sequences. q and out are `[batch tokens, heads size]`, k and v `[batch tokens, kvHeads size]`;
 * query i sees the last `window` of the keys `0 .. min(i, length - 1)`. `size` a multiple of 4, `window` at least 1. Scratch:
 * `size padded + 4 padded` floats, `padded` = tokens rounded up to a multiple of 8.
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
  const padded = (tokens + 7) & ~7;
  const group = heads / kvHeads;
  const qRow = usize(heads * size) << 2;
  const kvRow = usize(kvHeads * size) << 2;
  const line = usize(padded) << 2;
  const keys = scratch;
  const scores = keys + usize(size) * line;
  const scale = f32(1.0 / Math.sqrt(f64(size)));
  for (let b = 0; b < batch; b++) {
    const length = max(load<i32>(lengths + (usize(b) << 2)), 1);
    for (let g = 0; g < kvHeads; g++) {
      const kv = usize(b * tokens) * kvRow + (usize(g * size) << 2);
      transpose(k + kv, kvRow, keys, line, tokens, size, padded);
      for (let h = g * group; h < (g + 1) * group; h++) {
        const at = usize(b * tokens) * qRow + (usize(h * size) << 2);
        for (let i = 0; i < tokens; i += 4) {
          const rows = min(4, tokens - i);
          const seen = min(i + rows, length);
          const first = firstKey(i, length, window) & ~7;
          const width = (seen - first + 7) & ~7;
          const from = at + usize(i) * qRow;
          const near = keys + (usize(first) << 2);
          product(q + from, qRow, 4, near, line, scores, line, rows, width, size, false);
          for (let r = 0; r < rows; r++) {
            const start = firstKey(i + r, length, window) - first;
            softmax(scores + usize(r) * line, start, min(i + r + 1, length) - first, width, scale);
          }
          const shown = v + kv + usize(first) * kvRow;
          product(scores, line, 4, shown, kvRow, out + from, qRow, rows, size, seen - first, false);
        }
      }
    }
  }
}

/**
 * Gradients of `attentionForward` by q, k and v from `dout`, that by its result. Probabilities are computed again.
 * Scratch: `2 size padded + 2 tokens padded` floats.
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
  const padded = (tokens + 7) & ~7;
  const group = heads / kvHeads;
  const qRow = usize(heads * size) << 2;
  const kvRow = usize(kvHeads * size) << 2;
  const line = usize(padded) << 2;
  const keys = scratch;
  const values = keys + usize(size) * line;
  const p = values + usize(size) * line;
  const ds = p + usize(tokens) * line;
  const scale = f32(1.0 / Math.sqrt(f64(size)));
  for (let b = 0; b < batch; b++) {
    const length = max(load<i32>(lengths + (usize(b) << 2)), 1);
    for (let g = 0; g < kvHeads; g++) {
      const kv = usize(b * tokens) * kvRow + (usize(g * size) << 2);
      transpose(k + kv, kvRow, keys, line, tokens, size, padded);
      transpose(v + kv, kvRow, values, line, tokens, size, padded);
      for (let h = g * group; h < (g + 1) * group; h++) {
        const at = usize(b * tokens) * qRow + (usize(h * size) << 2);
        for (let i = 0; i < tokens; i += 4) {
          const rows = min(4, tokens - i);
          const seen = min(i + rows, length);
          const first = firstKey(i, length, window) & ~7;
          const width = (seen - first + 7) & ~7;
          const from = at + usize(i) * qRow;
          const left = usize(first) << 2;
          const pi = p + usize(i) * line + left;
          const dsi = ds + usize(i) * line + left;
          product(q + from, qRow, 4, keys + left, line, pi, line, rows, width, size, false);
          product(dout + from, qRow, 4, values + left, line, dsi, line, rows, width, size, false);
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
          const near = k + kv + usize(first) * kvRow;
          product(dsi, line, 4, near, kvRow, dq + from, qRow, rows, size, seen - first, false);
        }
        const add = h > g * group;
        for (let j = 0; j < tokens; j += 4) {
          const rows = min(4, tokens - j);
          const to = kv + usize(j) * kvRow;
          // keys behind the end are seen by nobody, keys before the last window by no query that stands further on; and rows
          // of p reach no further than the queries of their own block of four
          const near = j + 4 > length - window ? tokens - j : min(tokens - j, window + 3);
          const queries = j < length ? near : 0;
          const corner = usize(j) * line + (usize(j) << 2);
          const below = at + usize(j) * qRow;
          product(p + corner, 4, line, dout + below, qRow, dv + to, kvRow, rows, size, queries, add);
          product(ds + corner, 4, line, q + below, qRow, dk + to, kvRow, rows, size, queries, add);
        }
      }
    }
  }
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
  for (let at = x; at < end; at += 16) top = f32x4.max(top, v128.load(at));
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
    along = f32x4.add(along, f32x4.mul(v128.load(p + at), v128.load(dp + at)));
  }
  const mean = f32x4.splat(horizontalSum(along));
  const factor = f32x4.splat(scale);
  for (let at: usize = 0; at < bytes; at += 16) {
    const change = f32x4.sub(v128.load(dp + at), mean);
    v128.store(dp + at, f32x4.mul(f32x4.mul(v128.load(p + at), change), factor));
  }
}

/** Rows of `size` entries to `size` lines of `padded` entries, zero behind the last row. */
function transpose(x: usize, row: usize, out: usize, line: usize, rows: i32, size: i32, padded: i32): void {
  for (let d = 0; d < size; d++) {
    const to = out + usize(d) * line;
    const from = x + (usize(d) << 2);
    for (let t = 0; t < rows; t++) store<f32>(to + (usize(t) << 2), load<f32>(from + usize(t) * row));
    for (let t = rows; t < padded; t++) store<f32>(to + (usize(t) << 2), 0);
  }
}
