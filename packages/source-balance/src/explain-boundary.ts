import { type Boundary, type BoundaryOptions, type BoundaryRule, drawBoundary, total } from "./boundary.ts";

/** One source in a {@link BoundaryReport}. */
export interface SourceReport {
  readonly source: number;
  readonly count: number;
  /** Part of all examples, in [0, 1]. */
  readonly share: number;
  readonly small: boolean;
  /** The other rules that would put this source on the other side. */
  readonly flipsUnder: BoundaryRule[];
}

/** A rule that was not asked for, and what it would change. */
export interface Alternative extends Boundary {
  /** Ids of the sources on the other side under this rule, ascending. */
  readonly flips: number[];
}

/** What {@link explainBoundary} returns: plain data, ready for `JSON.stringify`. */
export interface BoundaryReport extends Boundary {
  /** Sum of all counts. */
  readonly total: number;
  /** Largest count divided by the smallest count above 0; 1 when all counts are 0. */
  readonly skew: number;
  readonly sources: SourceReport[];
  /** The other threshold rules at their default values. */
  readonly alternatives: Alternative[];
}

const THRESHOLD_RULES: readonly BoundaryRule[] = ["mean", "median", "quantile", "share"];

/**
 * Why sources are small: the threshold, the sizes, and who changes sides under the other rules.
 *
 * @param counts - As for {@link smallSources}. Read only.
 * @param options - As for {@link smallSources}.
 * @returns A fresh report of plain data.
 * @throws {TypeError | RangeError} As {@link smallSources}.
 * @remarks Under skew the mean is a matter of choice; a source that no rule flips is safely on its side. Takes O(c log c).
 * @example
 * const report = explainBoundary([133, 60, 2, 5]);
 * report.threshold; // => 50
 * report.small; // => [false, false, true, true]
 * report.skew; // => 66.5
 * report.alternatives.map(({ rule, flips }) => [rule, flips]);
 * // => [["median", []], ["quantile", [3]], ["share", []]]
 */
export function explainBoundary(counts: ArrayLike<number>, options: BoundaryOptions = {}): BoundaryReport {
  const chosen = drawBoundary("explainBoundary", counts, options);
  const alternatives = THRESHOLD_RULES.filter((rule) => rule !== chosen.rule).map((rule) => {
    const other = drawBoundary("explainBoundary", counts, { rule });
    return { ...other, flips: differing(chosen.small, other.small) };
  });
  const sum = total(counts);
  const sources = Array.from(counts, (count, source) => ({
    source,
    count,
    share: sum === 0 ? 0 : count / sum,
    small: chosen.small[source],
    flipsUnder: alternatives.filter(({ flips }) => flips.includes(source)).map(({ rule }) => rule),
  }));
  return { ...chosen, total: sum, skew: skew(counts), sources, alternatives };
}

function differing(a: readonly boolean[], b: readonly boolean[]): number[] {
  return a.flatMap((small, source) => (small === b[source] ? [] : [source]));
}

function skew(counts: ArrayLike<number>): number {
  let smallest = Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let s = 0; s < counts.length; s++) {
    largest = Math.max(largest, counts[s]);
    if (counts[s] > 0) smallest = Math.min(smallest, counts[s]);
  }
  return largest === 0 ? 1 : largest / smallest;
}
