// How both directions of attention lay out tokens and scores, and which keys a query sees.

import { packColumns, packRows, panelWidth } from "./panel";

/** Floats between the end of a row of scores and the next: rows a power of two apart would fight over the same lines of the cache. */
export const GAP = 16;

/** To a multiple of 16, the widest panel. */
export function roundedUp(x: i32): i32 {
  return (x + 15) & -16;
}

/** The first key that query i sees; behind the end of its sequence a query sees what the last one sees. */
export function firstKey(i: i32, length: i32, window: i32): i32 {
  return max(min(i + 1, length) - window, 0);
}

/** Panels of `x'`, `x` `[tokens, size]` with rows `row` bytes apart: tokens side by side. */
export function packTokens(x: usize, row: usize, to: usize, tokens: i32, size: i32): void {
  const whole = panelWidth();
  for (let t = 0; t < tokens; t += whole) {
    packRows(x + usize(t) * row, row, to + (usize(t * size) << 2), size, min(whole, tokens - t));
  }
}

/** Panels of `x` itself: entries side by side. */
export function packEntries(x: usize, row: usize, to: usize, tokens: i32, size: i32): void {
  const whole = panelWidth();
  for (let d = 0; d < size; d += whole) {
    packColumns(x + (usize(d) << 2), row, to + (usize(d * tokens) << 2), tokens, min(whole, size - d));
  }
}
