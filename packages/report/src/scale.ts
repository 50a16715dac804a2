/** A straight axis: where a value falls, and the round values to label. */
export interface Scale {
  /** Position of a value. */
  at(value: number): number;
  readonly ticks: readonly number[];
  /** Distance between two ticks. */
  readonly step: number;
}

/**
 * An axis over all values, widened to round ones, from the position `start` to `end`.
 *
 * @param values - What must fit; at least one.
 * @param count - About how many ticks.
 * @remarks Ticks are 1, 2 or 5 times a power of ten apart (Heckbert, "Nice Numbers for Graph Labels", 1990).
 */
export function linearScale(values: readonly number[], start: number, end: number, count: number): Scale {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const size = Math.max(1, Math.abs(low), Math.abs(high));
  // values closer than this are one value: their ticks could not be told apart
  const span = high - low > 1e-9 * size ? high - low : 0.1 * size;
  const step = niceStep(span / count);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  const reach = (last - first) * step;
  return { ticks, step, at: (value) => start + ((value - first * step) / reach) * (end - start) };
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = rough / power;
  if (factor <= 1) return power;
  if (factor <= 2) return 2 * power;
  return factor <= 5 ? 5 * power : 10 * power;
}

/** An axis from 0 to the largest value, with ticks at round values. */
export function spanScale(values: readonly number[], start: number, end: number, count: number): Scale {
  const largest = values.reduce((a, b) => Math.max(a, b), 0);
  const high = largest > 1e-9 ? largest : 1;
  const step = niceStep(high / count);
  const ticks = Array.from({ length: Math.floor(high / step + 1e-9) + 1 }, (_, i) => i * step);
  return { ticks, step, at: (value) => start + (value / high) * (end - start) };
}

/** An axis of shares, 0 to `high`, on square roots: shares of 1 % and of 60 % are both readable. */
export function shareScale(high: number, start: number, end: number): Pick<Scale, "at" | "ticks"> {
  const top = Math.sqrt(Math.max(high, 0.01));
  const ticks = [0, 0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1].filter((share) => Math.sqrt(share) <= top);
  return { ticks, at: (share) => start + (Math.sqrt(share) / top) * (end - start) };
}
