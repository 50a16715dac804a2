import { type BoundaryOptions, drawBoundary } from "./boundary.ts";

/**
 * Which sources of a mixture are small: `small[s] = counts[s] < threshold`, by default the mean `sum(counts) / c`.
 *
 * @param counts - One entry per source: its examples in the whole data set, or its share in any unit; at least 0. Read only.
 * @param options - The rule. `"mean"` (default) and `"median"` of the counts; `"quantile"`: the sample quantile of order
 *   `value`, default 0.25; `"share"`: `value` of all examples, default 0.05; `"explicit"`: `value` lists the ids of the
 *   small sources.
 * @returns One boolean per source, fresh.
 * @throws {TypeError | RangeError} If a count or the sum of all is negative or not finite, there is none, the rule is unknown, or `value`
 *   does not suit the rule.
 * @remarks Nguyen et al., "Mini-batch Coresets for Memory-efficient Language Model Training on Data Mixtures" (2025),
 *   sec. 4.1. The comparison is strict: of sources of equal size none is small. With the mean it is exact, in whole numbers, so that neither the
 *   order nor the unit of the counts decides; shares count as what may have rounded to them. Takes O(c log c).
 * @example
 * // EuroParl, GitHub, HackerNews, NIH ExPorter and Wikipedia, in percent of the mixture
 * smallSources([2.8, 28.2, 5.0, 3.4, 60.6]); // => [true, false, true, true, false]
 */
export function smallSources(counts: ArrayLike<number>, options: BoundaryOptions = {}): boolean[] {
  return drawBoundary("smallSources", counts, options).small;
}
