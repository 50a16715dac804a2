import type { RunRecord } from "./run-record.ts";

/** What a run that selects must be compared with, and which of the runs at hand that is. */
export interface Control {
  readonly what: string;
  /** Undefined where it was not run. */
  readonly run: RunRecord | undefined;
}

/** Whether a run chooses its examples by anything other than chance. */
export function isSelecting({ method, pool, budget }: RunRecord): boolean {
  return budget < pool && method !== "random" && method !== "keep-random";
}

/**
 * The controls of a run that selects `budget` of `pool`: random batches of the budget's size, random batches of the pool's size, and the
 * same small sources kept with the rest drawn at random.
 */
export function controlsOf(run: RunRecord, runs: readonly RunRecord[]): Control[] {
  const { pool, budget } = run;
  return [
    {
      what: `random ${budget}`,
      run: runs.find((other) => other.method === "random" && other.budget === budget),
    },
    {
      what: `random ${pool}`,
      run: runs.find((other) => other.method === "random" && other.budget === pool),
    },
    {
      what: `keep-random ${pool} → ${budget}`,
      run: runs.find(
        (other) => other.method === "keep-random" && other.budget === budget && other.pool === pool,
      ),
    },
  ];
}
