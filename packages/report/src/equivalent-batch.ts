import { baselineGroup } from "./compare-groups.ts";
import { choiceSettings } from "./controls.ts";
import { differingSettings, groupRuns } from "./groups.ts";
import { requireRuns } from "./require-runs.ts";
import type { RunRecord } from "./run-record.ts";
import { summarize } from "./summary.ts";

/** The smallest random batch that does as well as another way to choose. */
export interface EquivalentBatch {
  /** Examples of it; null where none of those tried does. */
  readonly batch: number | null;
  /** What is to be reached: the mean over seeds. */
  readonly target: number;
  /** Random batches tried with the same other settings, by size, and their means. */
  readonly tried: readonly { readonly batch: number; readonly mean: number }[];
}

/** What {@link findEquivalentBatch} compares. */
export interface EquivalentOptions {
  /** The label of a group or the name of one of its runs. */
  readonly to: string;
  /** Default `"macro"`. */
  readonly measure?: "micro" | "macro" | "small";
}

/**
 * The smallest batch drawn at random whose held-out loss is at most that of a group: how large a batch must be to match what a selection
 * reaches.
 *
 * @param runs - Those of the group, and random runs of several sizes, all with the other settings the same; names distinct. Only read.
 * @param options - Which group, and which loss.
 * @returns Means over seeds of the last evaluations.
 * @throws {TypeError | RangeError} What `renderReport` refuses; if nothing is called `to`, or it was not evaluated.
 * @remarks As the runs are, at equally many steps: a larger batch sees more examples and takes longer. Beside means the spread over seeds
 *   matters, which `compareGroups` has.
 * @example
 * const run = (method: string, budget: number, loss: number) => ({
 *   format: 1 as const, name: `${method} ${budget}`, method, pool: 128, budget, seed: 1, settings: {}, environment: {}, sources: [],
 *   steps: [{ step: 1, loss, seconds: 1, selectionSeconds: 0, tokens: 9, learningRate: 0.1, picked: {} }],
 *   evaluations: [{ step: 1, micro: loss, macro: loss, small: null, exactMatch: null, perSource: {} }], peakBytes: null,
 * });
 * const runs = [run("colm", 32, 2), run("random", 32, 3), run("random", 64, 2.25), run("random", 128, 1.5)];
 * findEquivalentBatch(runs, { to: "colm 32" }).batch; // => 128
 */
export function findEquivalentBatch(runs: readonly RunRecord[], options: EquivalentOptions): EquivalentBatch {
  const { to, measure = "macro" } = options;
  requireRuns("findEquivalentBatch", runs);
  const groups = groupRuns(runs);
  const group = baselineGroup("findEquivalentBatch", groups, to, "to");
  const target = summarize(group)[measure]?.mean;
  if (target === undefined) {
    throw new RangeError(
      `findEquivalentBatch: "to" must name runs that were evaluated, got ${JSON.stringify(to)}`,
    );
  }
  const [own] = group.runs;
  const tried = groups
    .filter((other) => other !== group && other.runs[0].method === "random")
    .filter(({ runs: [first] }) =>
      differingSettings(own, first).every((name) => choiceSettings.includes(name)),
    )
    .flatMap((other) => {
      const mean = summarize(other)[measure]?.mean;
      return mean === undefined ? [] : [{ batch: other.runs[0].budget, mean }];
    })
    .toSorted((a, b) => a.batch - b.batch);
  return { batch: tried.find(({ mean }) => mean <= target)?.batch ?? null, target, tried };
}
