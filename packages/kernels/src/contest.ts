import type { RunMode } from "./choice.ts";
import type { Clock } from "./clock.ts";
import type { Sums } from "./sums.ts";

/** The same call on one back end. */
export type Call = (sums: Sums) => Promise<Float32Array>;

/** A back end that can be measured. */
export interface Candidate {
  readonly mode: RunMode;
  readonly sums: Sums;
}

/** What came of running one call on several back ends. */
export interface Contest {
  readonly winner: Candidate;
  readonly result: Float32Array;
  readonly milliseconds: Partial<Record<RunMode, number>>;
  readonly failures: Partial<Record<RunMode, string>>;
}

/** Runs after the first, which compiles; the better one counts. */
const timedRuns = 2;

/** Runs the call on each candidate, one after the other; the fastest wins, the earlier one among equals. */
export async function compete(candidates: readonly Candidate[], call: Call, clock: Clock): Promise<Contest> {
  const milliseconds: Partial<Record<RunMode, number>> = {};
  const failures: Partial<Record<RunMode, string>> = {};
  let best: { winner: Candidate; result: Float32Array; time: number } | undefined;
  for (const candidate of candidates) {
    const { mode, sums } = candidate;
    try {
      const result = await call(sums);
      let time = Number.POSITIVE_INFINITY;
      for (let run = 0; run < timedRuns; run++) {
        const start = clock();
        await call(sums);
        time = Math.min(time, clock() - start);
      }
      milliseconds[mode] = time;
      if (best === undefined || time < best.time) best = { winner: candidate, result, time };
    } catch (error) {
      failures[mode] = String(error);
    }
  }
  if (best === undefined) throw new Error(`no mode could run the call: ${JSON.stringify(failures)}`);
  return { winner: best.winner, result: best.result, milliseconds, failures };
}
