import type { Draws } from "./draws.ts";
import type { GreedyProblem } from "./greedy-problem.ts";
import type { HeldMetric } from "./held-table.ts";
import type { StreamProblem } from "./stream-problem.ts";

/** The term of a sum over coordinates for a pair of rows a and b: `|a - b|`, `(a - b)^2`, `a b`. */
export type PairTerm = "absolute" | "squared" | "product";

/**
 * The term of a sum over rows i for a column j: `max(0, table[i, j] - column[i])`, `max(0, column[i] - table[i, j])`,
 * `table[i, j] column[i]`.
 */
export type ColumnTerm = "rise" | "fall" | "weighted";

/** A table over all pairs of points that stays where it was computed: distances, or scalar products. */
export interface HeldPairs {
  /** The largest entry of each row. */
  readonly largest: Float32Array;
  readonly diagonal: Float32Array;
  /** One sum for every column; `column` has as many entries as there are points. */
  columns(term: ColumnTerm, column: Float32Array): Promise<Float32Array>;
  row(index: number): Promise<Float32Array>;
  release(): Promise<void>;
}

/** What every function here is made of, as one back end computes it; results are fresh. */
export interface Sums {
  /** One sum for every pair of the rows of `x`, `[size, cols]`: `[size, size]`, row-major. */
  pairs(term: PairTerm, x: Entries, size: number, cols: number): Promise<Float32Array>;
  /** One sum for every column of `table`, `[column.length, cols]`. */
  columns(term: ColumnTerm, table: Entries, column: Float32Array, cols: number): Promise<Float32Array>;
  /** The stream: `[n, keep]`, the bits of `normalizedFeatures` of `@colm/adam-normalize`. */
  features(problem: StreamProblem): Promise<Float32Array>;
  /** A table over the points `x`, `[size, cols]`, of unit length under `"cosine"`, whose distance is then `1 - cos`. */
  hold(metric: HeldMetric, x: Entries, size: number, cols: number): Promise<HeldPairs>;
  /** A greedy run: the points in the order of their choice, then the gain or the score of each. */
  greedy(problem: GreedyProblem): Promise<Float32Array>;
  /** Standard normal draws, `[count, length]`, row k from stream `stream + k`. */
  normals(draws: Draws): Promise<Float32Array>;
  /** Frees what the back end holds, after the calls that are under way. */
  dispose(): Promise<void>;
}

/** The entries of a matrix, row-major. */
export type Entries = Float32Array | Float64Array;
