import { firstKey, GAP, packEntries, packTokens, roundedUp } from "./attention-layout";
import { panelWidth } from "./panel";
import { product } from "./product";
import { scoreGradient, softmax } from "./softmax";
import { ROWS } from "./tile";

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
