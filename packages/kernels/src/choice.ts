import type { KernelMode } from "./mode.ts";
import type { ColumnTerm, PairTerm } from "./sums.ts";

/** Where a call can run: a back end of gpu.js, or the plain loops of this package. */
export type RunMode = KernelMode | "plain";

/** What `"auto"` measured for one kind of sum and one class of shapes, and what it took. */
export interface Choice {
  /** The sum: of a pair of rows, or of a column. */
  readonly term: PairTerm | ColumnTerm;
  /** The shapes: up to so many rows and columns, more than half of each. */
  readonly upTo: readonly [rows: number, cols: number];
  /** What calls of this class run on. */
  readonly mode: RunMode;
  /** The modes that were compared on the whole call, with their times; on the processor only the best one is. */
  readonly milliseconds: Readonly<Partial<Record<RunMode, number>>>;
  /** The modes that could not run the call, with what they said. */
  readonly failures: Readonly<Partial<Record<RunMode, string>>>;
}
