import type { RunGroup } from "./groups.ts";
import { type Estimate, estimate } from "./statistics.ts";
import type { Measure } from "./summary.ts";

/** A difference between two groups over the seeds that both ran. */
export interface PairedDifference extends Estimate {
  /** How many seeds the first group is lower on; equal values count for neither. */
  readonly lower: number;
  /** How many seeds it is higher on. */
  readonly higher: number;
}

/**
 * Differences `ours - theirs` of a measure, seed by seed: the same seed means the same data in the same order, so that what both share
 * cancels.
 *
 * @returns Null where no seed was measured in both.
 */
export function pairedDifference(
  ours: RunGroup,
  theirs: RunGroup,
  { of }: Pick<Measure, "of">,
): PairedDifference | null {
  const differences = ours.runs.flatMap((run) => {
    const other = theirs.runs.find(({ seed }) => seed === run.seed);
    const [a, b] = [of(run), other === undefined ? null : of(other)];
    return a === null || b === null ? [] : [a - b];
  });
  const found = estimate(differences);
  return (
    found && {
      ...found,
      lower: differences.filter((difference) => difference < 0).length,
      higher: differences.filter((difference) => difference > 0).length,
    }
  );
}
