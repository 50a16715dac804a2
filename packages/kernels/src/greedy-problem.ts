import type { DistanceMetric } from "./pairwise.ts";
import type { Entries } from "./sums.ts";

/** A greedy run over all points: which it is, and how many rounds. */
export type GreedyProblem = {
  /** `[size, cols]`, row-major; of unit length under `"cosine"`. */
  readonly x: Entries;
  readonly size: number;
  readonly cols: number;
  /** Points to choose, in `[1, size]`. */
  readonly count: number;
} & (
  | { readonly rule: "medoids"; readonly metric: DistanceMetric }
  /** `target` weighs the points whose mean is aimed at, `[size]`. */
  | { readonly rule: "herding"; readonly target: Float64Array }
);

/** A short run over the first points. */
export function firstRounds(problem: GreedyProblem, mostPoints: number, mostRounds: number): GreedyProblem {
  const size = Math.min(problem.size, mostPoints);
  const shared = {
    x: problem.x.subarray(0, size * problem.cols),
    size,
    count: Math.min(problem.count, size, mostRounds),
  };
  if (problem.rule === "medoids") return { ...problem, ...shared };
  return { ...problem, ...shared, target: problem.target.subarray(0, size) };
}
