import { groupRuns, type RunGroup } from "./groups.ts";
import { type PairedDifference, pairedDifference } from "./paired.ts";
import { onParetoFront } from "./pareto.ts";
import { requireRuns } from "./require-runs.ts";
import type { RunRecord } from "./run-record.ts";
import type { Estimate } from "./statistics.ts";
import { type ByMeasure, byMeasure, summarize } from "./summary.ts";

/** What runs that differ in nothing but the seed gave. */
export interface GroupComparison {
  readonly label: string;
  readonly method: string;
  readonly pool: number;
  readonly budget: number;
  readonly seeds: readonly number[];
  /** Names of its runs, in the order of `seeds`. */
  readonly runs: readonly string[];
  /** Mean and standard deviation over the seeds; null where it was not measured. */
  readonly measures: ByMeasure<Estimate | null>;
  /** This group minus the baseline, seed by seed; null for the baseline itself and where no baseline was named. */
  readonly differences: ByMeasure<PairedDifference | null> | null;
  /** Whether no other group is at least as good in macro loss, seconds per step and peak bytes, and better in one; null where not all were measured. */
  readonly onParetoFront: boolean | null;
}

/** How runs are compared. */
export interface CompareOptions {
  /** The label of a group or the name of one of its runs; without it there are no differences. */
  readonly baseline?: string | undefined;
}

/**
 * Mean, standard deviation and paired differences of runs, grouped by everything but their seed.
 *
 * @param runs - At least one, names distinct.
 * @param options - `baseline`: what differences are taken to.
 * @returns A group for each setting, in the order of their first runs, as plain values. Losses in nats, accuracies in [0, 1], times in
 *   seconds, memory in bytes; all of the last evaluation or as means over the steps.
 * @throws {TypeError | RangeError} What `renderReport` refuses.
 * @throws {RangeError} If no group or run is called `baseline`.
 * @remarks The standard deviation has `n - 1` in its denominator. A paired difference uses the seeds that both groups ran: with the same
 *   seed they drew the same pools, and what is common to both cancels.
 * @example
 * const run = (method: string, seed: number, loss: number) => ({
 *   format: 1 as const, name: `${method} ${seed}`, method, pool: 8, budget: 4, seed, settings: {}, environment: {},
 *   sources: [], steps: [{ step: 1, loss, seconds: 1, selectionSeconds: 0, tokens: 9, learningRate: 0.1, picked: {} }],
 *   evaluations: [{ step: 1, micro: loss, macro: loss, small: null, exactMatch: null, perSource: {} }], peakBytes: null,
 * });
 * const runs = [run("colm", 1, 2), run("random", 1, 3), run("colm", 2, 2.5), run("random", 2, 3)];
 * const [colm] = compareGroups(runs, { baseline: "random 4 of 8" });
 * colm.measures.macro?.mean; // => 2.25
 * colm.differences?.macro?.mean; // => -0.75
 * colm.differences?.macro?.lower; // => 2
 */
export function compareGroups(
  runs: readonly RunRecord[],
  { baseline }: CompareOptions = {},
): GroupComparison[] {
  requireRuns("compareGroups", runs);
  const groups = groupRuns(runs);
  const reference = baseline === undefined ? undefined : baselineGroup("compareGroups", groups, baseline);
  const summaries = groups.map(summarize);
  const front = onParetoFront(summaries);
  return groups.map((group, g) => {
    const { label, runs: members } = group;
    const [{ method, pool, budget }] = members;
    const { group: _, ...estimates } = summaries[g];
    return {
      label,
      method,
      pool,
      budget,
      seeds: members.map(({ seed }) => seed),
      runs: members.map(({ name }) => name),
      measures: estimates,
      differences:
        reference === undefined || reference === group
          ? null
          : byMeasure((measure) => pairedDifference(group, reference, measure)),
      onParetoFront: front[g],
    };
  });
}

/** The group that `baseline` names, the value of `argument`, or an error that lists the labels there are. */
export function baselineGroup(
  caller: string,
  groups: readonly RunGroup[],
  baseline: string,
  argument = "baseline",
): RunGroup {
  const found = groups.find(
    ({ label, runs }) => label === baseline || runs.some(({ name }) => name === baseline),
  );
  if (found !== undefined) return found;
  const known = groups.map(({ label }) => JSON.stringify(label)).join(", ");
  throw new RangeError(
    `${caller}: "${argument}" must be one of ${known} or the name of a run, got ${JSON.stringify(baseline)}`,
  );
}
