import type { KernelMode } from "./mode.ts";
import type { ColumnTerm, PairTerm } from "./sums.ts";

/** Where a call can run: a back end of gpu.js, or the plain loops of this package. */
export type RunMode = KernelMode | "plain";

/** What `"auto"` measured for one kind of sum and one class of shapes, in milliseconds, and what it took. */
export interface Choice {
  /** The sum: of a pair of rows, or of a column. */
  readonly term: PairTerm | ColumnTerm;
  /** The shapes: up to so many rows and columns, more than half of each. */
  readonly upTo: readonly [rows: number, cols: number];
  /** What calls of this class run on. */
  readonly mode: RunMode;
  /** Times of the modes that run on the processor, `"plain"` among them, on at most the first 128 rows. */
  readonly onSample: Readonly<Partial<Record<RunMode, number>>>;
  /** Times of the fastest of those and of the graphics modes on the whole call; empty where there is no graphics mode. */
  readonly onWhole: Readonly<Partial<Record<RunMode, number>>>;
  /** The modes that could not run the call, with what they said. */
  readonly failures: Readonly<Partial<Record<RunMode, string>>>;
}
