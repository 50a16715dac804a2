import { uniform } from "@colm/array";

/** A short run of random choices that is a pure function of `(seed, stream, position)`. */
export interface Draw {
  /** An integer in [0, `size`). */
  below(size: number): number;
  /** An integer in [`low`, `high`], both ends included. */
  between(low: number, high: number): number;
  /** One of `items`. */
  pick<T>(items: readonly T[]): T;
}

const CHOICES = 16;

/** The choices of text number `position` of `stream`: at most 16 of them, so that neighbouring texts share none. */
export function drawAt(seed: number, stream: number, position: number): Draw {
  const entries = uniform(new Float64Array(CHOICES), { seed, stream, start: position * CHOICES });
  let next = 0;
  const below = (size: number): number => {
    if (next === CHOICES) throw new RangeError(`draw: a text may make at most ${CHOICES} choices`);
    return Math.floor(entries[next++] * size);
  };
  return {
    below,
    between: (low, high) => low + below(high - low + 1),
    pick: (items) => items[below(items.length)],
  };
}
