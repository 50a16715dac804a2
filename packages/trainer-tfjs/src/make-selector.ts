import { createSelector, type Selector } from "@colm/coreset";
import type { ResolvedOptions } from "./resolve-options.ts";

/** The selector that the settings of a run name. */
export function makeSelector(options: ResolvedOptions, small: boolean[]): Selector {
  const { method, budget, seed, selection } = options;
  if (method === "random") return createSelector({ method, budget, seed });
  const { overflow = "truncate", quotas, adam, keep, metric, weighting } = selection;
  if (method === "keep-random") return createSelector({ method, budget, seed, sources: { small, overflow } });
  return createSelector({
    method,
    mode: "official",
    budget,
    seed,
    sources: { small, overflow, ...(quotas && { quotas }) },
    ...(adam !== undefined && { adam }),
    ...(keep !== undefined && { keep }),
    ...(metric && { metric }),
    ...(weighting && { weighting }),
  });
}
