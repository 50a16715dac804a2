/** A mean over seeds, and how far the seeds are apart. */
export interface Estimate {
  /** How many values. */
  readonly seeds: number;
  readonly mean: number;
  /** Standard deviation with `seeds - 1` in the denominator; null for a single value. */
  readonly deviation: number | null;
}

/** Mean and standard deviation, `sqrt(sum (x - mean)² / (n - 1))`, of at least one value; null of none. */
export function estimate(values: readonly number[]): Estimate | null {
  const seeds = values.length;
  if (seeds === 0) return null;
  // a shift by the first value: equal values have exactly that mean and deviation 0
  const [shift] = values;
  const mean = shift + values.reduce((sum, value) => sum + (value - shift), 0) / seeds;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { seeds, mean, deviation: seeds === 1 ? null : Math.sqrt(squares / (seeds - 1)) };
}

/** Mean and standard deviation of a value over those runs that have it; null where none has. */
export function estimateOver<Item>(
  items: readonly Item[],
  of: (item: Item) => number | null,
): Estimate | null {
  return estimate(items.map(of).filter((value) => value !== null));
}
