import type { AdamState } from "@colm/adam-normalize";
import type { Needs } from "./method.ts";
import type { KeepRandomOptions } from "./methods/keep-random.ts";
import type { OfficialOptions } from "./methods/official.ts";
import type { RandomOptions } from "./methods/random.ts";
import type { Pool } from "./pool.ts";

/** Settings of {@link createSelector}, one kind for each method. */
export type SelectorOptions = OfficialOptions | RandomOptions | KeepRandomOptions;

/** Chooses examples from pool after pool. It keeps nothing between calls: the history is in the state. */
export interface Selector {
  /** What a pool must bring: without `gradients` no selection pass is needed. */
  readonly needs: Needs;
  /** The state before the first step. */
  init(): SelectorState;
  /**
   * Chooses `budget` examples of a pool (all usable ones when fewer have finite losses).
   *
   * @param state - From `init` or the last result. Only read.
   * @param pool - The examples of this step. Only read.
   * @returns Indices, weights, the next state and diagnostics; all fresh.
   */
  select(state: SelectorState, pool: Pool): Promise<SelectionResult>;
}

/** What a selector knows of the steps before: a plain value that `structuredClone` keeps whole. */
export interface SelectorState {
  /** Pools chosen from so far. */
  readonly step: number;
  /** Moments of the gradients selected so far; null before the first step and for methods without Adam space. */
  readonly history: AdamState | null;
}

/** The outcome of one step. */
export interface SelectionResult {
  /** Positions in the pool in selection order, kept ones first in pool order; distinct. */
  readonly indices: Int32Array;
  /** One weight for each index; their sum is the number of indices. */
  readonly weights: Float32Array;
  /** The state for the next step. */
  readonly state: SelectorState;
  readonly diagnostics: Diagnostics;
}

/** What happened in one step, in plain numbers. */
export interface Diagnostics {
  /** Examples in the pool, n. */
  readonly pool: number;
  /** Examples without a finite loss. */
  readonly dropped: number;
  /** Examples kept because their source is small. */
  readonly kept: number;
  /** Examples of small sources that found no room in the budget. */
  readonly overflowed: number;
  /** Usable examples of each source. */
  readonly available: number[];
  /** Chosen examples of each source. */
  readonly selected: number[];
  /** Share of the budget that each big source was given; absent for methods without shares. */
  readonly shares?: number[];
  /**
   * Different features among the examples of big sources, to 1e-5 of the largest; absent where none were compared. When
   * this is below the sum of the shares, ties decide: in the official first step it is 2.
   */
  readonly distinctFeatures?: number;
}
