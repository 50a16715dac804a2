import type { Estimate } from "./statistics.ts";
import type { ByMeasure } from "./summary.ts";

/** The three that no run should be judged by alone. */
const AXES = ["macro", "stepSeconds", "peakBytes"] as const;

/**
 * Which of some groups lie on the Pareto front of held-out macro loss, seconds per step and peak bytes: no other is at least as good in all
 * three and better in one.
 *
 * @returns True or false for each; null where one of the three was not measured.
 */
export function onParetoFront(groups: readonly ByMeasure<Estimate | null>[]): (boolean | null)[] {
  const points = groups.map((group) => AXES.map((axis) => group[axis]?.mean ?? Number.NaN));
  return points.map((own) => {
    if (own.some(Number.isNaN)) return null;
    const isBeaten = points.some(
      (other) => other.every((value, k) => value <= own[k]) && other.some((value, k) => value < own[k]),
    );
    return !isBeaten;
  });
}
