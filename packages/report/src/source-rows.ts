import type { RunGroup } from "./groups.ts";
import type { RunRecord } from "./run-record.ts";

/** One source: its share of the mixture and of what each group trained on. */
export interface SourceRow {
  readonly source: string;
  readonly small: boolean;
  /** Training examples. */
  readonly examples: number;
  readonly mixture: number;
  /** By group, in the groups' order; null where the group does not know the source. */
  readonly picked: readonly (number | null)[];
}

/** All sources that any run knows, largest first. */
export function sourceRows(groups: readonly RunGroup[]): SourceRow[] {
  const examples = new Map<string, number>();
  const small = new Set<string>();
  for (const run of groups.flatMap(({ runs }) => runs)) {
    for (const source of run.sources) {
      examples.set(source.name, Math.max(examples.get(source.name) ?? 0, source.examples));
      if (source.small) small.add(source.name);
    }
  }
  const total = [...examples.values()].reduce((a, b) => a + b, 0);
  const picked = groups.map(({ runs }) => pickedShares(runs));
  return [...examples]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([source, count]) => ({
      source,
      small: small.has(source),
      examples: count,
      mixture: total === 0 ? 0 : count / total,
      picked: picked.map((shares, g) =>
        groups[g].runs.some(({ sources }) => sources.some(({ name }) => name === source)) && shares !== null
          ? (shares.get(source) ?? 0)
          : null,
      ),
    }));
}

/** Share of each source in all that some runs trained on, or null where they trained on nothing. */
function pickedShares(runs: readonly RunRecord[]): Map<string, number> | null {
  const counts = new Map<string, number>();
  let total = 0;
  for (const { picked } of runs.flatMap(({ steps }) => steps)) {
    for (const [source, count] of Object.entries(picked)) {
      counts.set(source, (counts.get(source) ?? 0) + count);
      total += count;
    }
  }
  return total === 0 ? null : new Map([...counts].map(([source, count]) => [source, count / total]));
}
