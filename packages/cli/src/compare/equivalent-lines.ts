import {
  type EquivalentBatch,
  findEquivalentBatch,
  type GroupComparison,
  type RunRecord,
} from "@colm/report";

/** A group that selects, and the random batch that does as well. */
export interface Equivalent extends EquivalentBatch {
  readonly label: string;
}

/** For each group that selects and was evaluated: the smallest random batch as good in macro loss; nothing where fewer than two sizes were run. */
export function equivalents(records: readonly RunRecord[], groups: readonly GroupComparison[]): Equivalent[] {
  return groups
    .filter(({ method, pool, budget }) => method !== "random" && method !== "keep-random" && budget < pool)
    .filter(({ measures }) => measures.macro !== null)
    .map(({ label }) => ({ label, ...findEquivalentBatch(records, { to: label }) }))
    .filter(({ tried }) => tried.length > 1);
}

/** `colm 64 of 128: macro loss 0.4573; random batches reach that at 128 (0.4479), tried 64, 128` */
export function equivalentLines(found: readonly Equivalent[]): string[] {
  return found.map(({ label, batch, target, tried }) => {
    const sizes = tried.map((one) => one.batch).join(", ");
    const mean = tried.find((one) => one.batch === batch)?.mean;
    const reached =
      mean === undefined
        ? `no random batch of ${sizes} reaches that`
        : `random batches reach that at ${batch} (${mean.toFixed(4)}), tried ${sizes}`;
    return `${label}: macro loss ${target.toFixed(4)}; ${reached}`;
  });
}
