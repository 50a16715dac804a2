import { firstKey, GAP, packEntries, packTokens, roundedUp } from "./attention-layout";
import { panelWidth } from "./panel";
import { product } from "./product";
import { softmax } from "./softmax";
import { ROWS } from "./tile";

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
