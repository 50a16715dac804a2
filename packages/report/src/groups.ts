import type { RunRecord, Shown } from "./run-record.ts";

/** Runs that differ in nothing but their seed; one run alone is a group too. */
export interface RunGroup {
  /** What legends and tables call it; distinct within a report. */
  readonly label: string;
  /** Its place among the groups: which colour and dash pattern. */
  readonly index: number;
  /** At least one, seeds distinct. */
  readonly runs: readonly RunRecord[];
}

/**
 * Groups of runs that differ in nothing but the seed, in the order of their first runs.
 *
 * @remarks A group of one run is called after the run; a larger one after method, budget and pool, and where that is not enough, after
 *   the settings in which it differs from the others.
 */
export function groupRuns(runs: readonly RunRecord[]): RunGroup[] {
  const members = new Map<string, RunRecord[]>();
  for (const run of runs) {
    const key = JSON.stringify([run.method, run.pool, run.budget, Object.entries(run.settings).toSorted()]);
    const there = members.get(key) ?? [];
    // a repetition with the same seed is a group of its own
    if (there.some(({ seed }) => seed === run.seed)) members.set(`${key} ${run.name}`, [run]);
    else members.set(key, [...there, run]);
  }
  const groups = [...members.values()];
  const shared = groups.map((group) => (group.length === 1 ? group[0].name : methodName(group[0])));
  const labels = groups.map((group, i) => {
    const isTaken = shared.some((other, j) => other === shared[i] && j !== i);
    const own = isTaken && group.length > 1 ? distinction(group[0], groups) : "";
    return own === "" ? shared[i] : `${shared[i]} (${own})`;
  });
  return groups.map((group, index) => ({
    label: labels.indexOf(labels[index]) === index ? labels[index] : `${labels[index]}, ${group[0].name}`,
    index,
    runs: group,
  }));
}

/** Method and sizes: `colm 64 of 128`, or `random 128` where the whole pool is trained on. */
function methodName({ method, pool, budget }: RunRecord): string {
  return budget === pool ? `${method} ${pool}` : `${method} ${budget} of ${pool}`;
}

/** The settings that a run has and that are not the same in all groups of the same method and sizes. */
function distinction(run: RunRecord, groups: readonly (readonly RunRecord[])[]): string {
  const rivals = groups.map(([first]) => first).filter((other) => methodName(other) === methodName(run));
  const names = Object.keys(run.settings).filter((name) =>
    rivals.some((other) => shownSetting(other, name) !== shownSetting(run, name)),
  );
  return names.map((name) => `${name} ${shownSetting(run, name)}`).join(", ");
}

/** Names of the settings in which two runs differ; seeds, methods and sizes are none. */
export function differingSettings(a: RunRecord, b: RunRecord): string[] {
  const names = new Set([...Object.keys(a.settings), ...Object.keys(b.settings)]);
  return [...names].filter((name) => shownSetting(a, name) !== shownSetting(b, name));
}

function shownSetting({ settings }: RunRecord, name: string): Shown {
  return Object.hasOwn(settings, name) ? settings[name] : null;
}
