import { matrix } from "@colm/array";
import { facilityLocation as facilityLocationOf, maximize } from "@colm/submodular";
import type { SubsetMethod, SubsetProblem } from "../subset-problem.ts";

/**
 * Greedy facility location, `max_S sum_i max_{j in S} S_ij` with `S = max(D) - D` of L1 distances: every row of the pool should
 * have a chosen one near it. Equal gains: the lower row first.
 *
 * Krause & Golovin, "Submodular function maximization" (2014); the greedy set reaches `1 - 1/e` of the best (Nemhauser,
 * Wolsey & Fisher 1978). Kept rows are in the set from the start. O(n^2 b) at most.
 */
export const facilityLocation: SubsetMethod = {
  metric: "l1",
  weighting: "uniform",
  draws: false,
  comparesPairs: true,
  ignoresShift: false,
  choose: coverGreedily,
};

/** Greedy facility location of a problem's candidates, for its shares where it has some. */
export function coverGreedily(problem: SubsetProblem): Int32Array {
  const { kept, candidates, count, target, quotas } = problem;
  const size = target.length;
  const all = problem.groups ?? new Int32Array(size);
  const groupCount = quotas?.length ?? 1;
  // one more group, of which nothing is wanted, for the rows that are not to choose from
  const groups = new Int32Array(size).fill(groupCount);
  for (const row of candidates) groups[row] = quotas ? all[row] : 0;
  const wanted = new Int32Array(groupCount + 1);
  wanted.set(quotas ?? [count]);
  const f = facilityLocationOf(matrix(problem.kernel(), size, size));
  return maximize(f, { count, groups, quotas: wanted, initial: kept }).indices;
}
