import { differingSettings, type RunGroup } from "./groups.ts";
import type { RunRecord } from "./run-record.ts";

/** What a group that selects must be compared with, and which of the groups at hand that is. */
export interface Control {
  readonly what: string;
  /** Undefined where it was not run. */
  readonly group: RunGroup | undefined;
  /** Settings in which the control is not the same; method, sizes and those of the choice apart. */
  readonly differing: readonly string[];
}

/** Settings of the choice itself, which a control does not make. */
export const choiceSettings: readonly string[] = [
  "mode",
  "features",
  "every",
  "reuse",
  "metric",
  "weighting",
  "target",
  "directions",
  "fresh",
  "epsilon",
  "adam",
  "keep",
  "quotas",
  "noSwaps",
  "remember",
  "sketch",
  "kernels",
  "checkFeatures",
];

/** Whether a run chooses its examples by anything other than chance. */
export function isSelecting({ method, pool, budget }: RunRecord): boolean {
  return budget < pool && method !== "random" && method !== "keep-random";
}

/**
 * The controls of a group that selects `budget` of `pool`: random batches of the budget's size, random batches of the pool's size, and the
 * same small sources kept with the rest drawn at random.
 *
 * @remarks Of several that would do, the one whose other settings differ least.
 */
export function controlsOf({ runs }: RunGroup, groups: readonly RunGroup[]): Control[] {
  const [run] = runs;
  const { pool, budget } = run;
  const control = (what: string, fits: (other: RunRecord) => boolean): Control => {
    const candidates = groups
      .filter((group) => fits(group.runs[0]))
      .map((group) => ({
        what,
        group,
        differing: differingSettings(run, group.runs[0]).filter((name) => !choiceSettings.includes(name)),
      }))
      .filter(({ differing }) => !differing.includes("model") && !differing.includes("data"))
      .toSorted((a, b) => a.differing.length - b.differing.length);
    return candidates.at(0) ?? { what, group: undefined, differing: [] };
  };
  return [
    control(`random ${budget}`, (other) => other.method === "random" && other.budget === budget),
    control(`random ${pool}`, (other) => other.method === "random" && other.budget === pool),
    control(
      `keep-random ${pool} → ${budget}`,
      (other) => other.method === "keep-random" && other.budget === budget && other.pool === pool,
    ),
  ];
}
