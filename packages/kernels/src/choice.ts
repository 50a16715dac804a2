import type { KernelMode } from "./mode.ts";
import type { ColumnTerm, PairTerm } from "./sums.ts";

/** Where a call can run: a back end of gpu.js, or the functions of the CPU, `"plain"`. */
export type RunMode = KernelMode | "plain";

/** What was computed: a sum of a pair of rows or of a column, the stream of features, a table that is held, a greedy run, or normal draws. */
export type Term = PairTerm | ColumnTerm | "features" | "held" | "medoids" | "herding" | "normals";

/** What `"auto"` measured for one kind of call and one class of shapes, in milliseconds, and what it took. */
export interface Choice {
  readonly term: Term;
  /** The shapes: up to so many rows and columns, more than half of each. */
  readonly upTo: readonly [rows: number, cols: number];
  /** Directions of the gradients of the stream, 0 for stored ones; absent for sums. */
  readonly directions?: number;
  /** Points chosen by greedy runs: up to so many, more than half of that; absent for other calls. */
  readonly rounds?: number;
  /** What calls of this class run on. */
  readonly mode: RunMode;
  /** Times of the modes that run on the processor, `"plain"` among them, on at most the first 128 rows, 16,384 coordinates of the stream or of draws, and 16 rounds. */
  readonly onSample: Readonly<Partial<Record<RunMode, number>>>;
  /** Times of the fastest of those and of the graphics modes on the whole call; empty where there is no graphics mode. */
  readonly onWhole: Readonly<Partial<Record<RunMode, number>>>;
  /** The modes that could not run the call, with what they said. */
  readonly failures: Readonly<Partial<Record<RunMode, string>>>;
}
