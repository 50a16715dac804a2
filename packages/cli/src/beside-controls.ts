import type { RunRecord } from "@colm/report";
import { type FoundRun, runsBeside } from "./read-runs.ts";

/** The controls of runs that lie in the same folders as they do. */
export async function controlsBeside(given: readonly FoundRun[]): Promise<FoundRun[]> {
  const beside = await runsBeside(given);
  return beside.filter(({ record: other }) => given.some(({ record }) => isControl(other, record)));
}

/**
 * Whether one run is a control of another: batches at random of the same size, of the size of the pool, or with the same small sources
 * kept; on the same model and data, from the same seed.
 */
function isControl(other: RunRecord, run: RunRecord): boolean {
  const isSame = ["model", "data", "validation", "maxSteps"].every(
    (name) => other.settings[name] === run.settings[name],
  );
  if (!isSame || other.seed !== run.seed) return false;
  if (other.method === "random") return other.budget === run.budget || other.budget === run.pool;
  return other.method === "keep-random" && other.budget === run.budget && other.pool === run.pool;
}
