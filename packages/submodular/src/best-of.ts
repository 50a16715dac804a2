import type { Selection } from "./selection.ts";

/** The selection of largest value, the first on ties, with the work and the knowledge of all. */
export function bestOf(runs: readonly Selection[]): Selection {
  const best = runs.reduce((a, b) => (b.value > a.value ? b : a));
  return {
    ...best,
    upperBound: Math.min(...runs.map((run) => run.upperBound)),
    evaluations: runs.reduce((sum, run) => sum + run.evaluations, 0),
  };
}
