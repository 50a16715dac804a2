import { permutation } from "@colm/array";
import { drawAt } from "./draw.ts";
import { KINDS } from "./kinds.ts";
import type { Kind, Problem } from "./problem.ts";

/** A problem and the source it came from: one line of the mixture's JSONL files. */
export interface ProblemRow extends Problem {
  readonly source: string;
}

/** Training and held-out rows; no instruction stands twice, neither within a split nor across them. */
export interface Mixture {
  readonly train: readonly ProblemRow[];
  readonly heldOut: readonly ProblemRow[];
}

export interface MixtureOptions {
  readonly seed: number;
  /** Training rows of the most frequent source. Default 3072. */
  readonly largest?: number;
  /** Training rows of the rarest source. Default 24. */
  readonly smallest?: number;
}

const SHUFFLE_STREAM = 1000;

/**
 * Draws the skewed mixture: `size_s = round(largest (smallest / largest)^(s / (c - 1)))` training rows for source `s`
 * of `c`, and a twentieth of that, but at least 16, held out.
 *
 * @param options - The same options give the same rows in the same order.
 * @returns Both splits, training rows shuffled, held-out rows by source.
 * @throws {RangeError} If a kind runs out of different problems, or sizes are not ordered natural numbers.
 */
export function mixture({ seed, largest = 3072, smallest = 24 }: MixtureOptions): Mixture {
  if (!(Number.isInteger(smallest) && Number.isInteger(largest) && smallest >= 1 && largest >= smallest)) {
    throw new RangeError(
      `mixture: "smallest" and "largest" must be integers with 1 <= smallest <= largest, got ${smallest} and ${largest}`,
    );
  }
  const seen = new Set<string>();
  const train: ProblemRow[] = [];
  const heldOut: ProblemRow[] = [];
  for (const [s, { source, kind }] of KINDS.entries()) {
    const size = Math.round(largest * (smallest / largest) ** (s / (KINDS.length - 1)));
    const held = Math.max(16, Math.round(size / 20));
    const rows = differentRows(kind, source, held + size, { seed, stream: s, seen });
    heldOut.push(...rows.slice(0, held));
    train.push(...rows.slice(held));
  }
  const order = permutation(train.length, { seed, stream: SHUFFLE_STREAM });
  return { train: Array.from(order, (i) => train[i]), heldOut };
}

interface Drawing {
  readonly seed: number;
  readonly stream: number;
  readonly seen: Set<string>;
}

function differentRows(
  kind: Kind,
  source: string,
  count: number,
  { seed, stream, seen }: Drawing,
): ProblemRow[] {
  const rows: ProblemRow[] = [];
  const tries = 50 * count;
  for (let position = 0; rows.length < count; position++) {
    if (position === tries) {
      throw new RangeError(`mixture: "${source}" has no ${count} different problems, found ${rows.length}`);
    }
    const problem = kind(drawAt(seed, stream, position));
    if (seen.has(problem.instruction)) continue;
    seen.add(problem.instruction);
    rows.push({ ...problem, source });
  }
  return rows;
}
