import type { AdamState } from "@colm/adam-normalize";
import type { Matrix } from "@colm/array";
import type { FeatureMemoryState } from "./feature-memory.ts";
import type { MatchingErrors } from "./matching-error.ts";
import type { Needs, Recall } from "./method.ts";
import type { DefaultOptions } from "./methods/default.ts";
import type { KeepRandomOptions } from "./methods/keep-random.ts";
import type { OfficialOptions } from "./methods/official.ts";
import type { RandomOptions } from "./methods/random.ts";
import type { Pool } from "./pool.ts";
import type { ByStage, ModeByStage } from "./stages.ts";
import type { FeatureMethodOptions, ScoreMethodOptions } from "./subset-options.ts";

/** Settings of {@link createSelector}, one kind for each method. */
export type SelectorOptions =
  | OfficialOptions
  | DefaultOptions
  | RandomOptions
  | KeepRandomOptions
  | FeatureMethodOptions
  | ScoreMethodOptions;

/** Chooses examples from pool after pool. It keeps nothing between calls: the history is in the state. */
export interface Selector {
  /** What a pool must bring: without `gradients` no selection pass is needed. */
  readonly needs: Needs;
  /**
   * What the pool of the next step must bring: less than `needs` between the steps of `every`; and gradients, from time to time,
   * for a memory that is to be refreshed every so many steps.
   *
   * @param state - The state that the step will start from.
   */
  needsAt(state: SelectorState): Needs;
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
  /**
   * The state with gradients that were seen elsewhere, such as those of the chosen examples while training on them; for
   * `features: "remembered"`.
   *
   * @param state - Only read.
   * @param seen - `ids`: names of the examples. `gradients`: `[ids, d]`, within float32, one row for each.
   */
  remember(state: SelectorState, seen: { ids: ArrayLike<number>; gradients: Matrix }): SelectorState;
}

/** What a selector knows of the steps before: a plain value that `structuredClone` keeps whole. */
export interface SelectorState {
  /** Pools chosen from so far. */
  readonly step: number;
  /** Moments of the gradients selected so far; null before the first step and for methods without Adam space. */
  readonly history: AdamState | null;
  /** Sketches of the gradients that were last seen; for `features: "remembered"` alone. */
  readonly memory?: FeatureMemoryState;
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

/** What `coefficientStatistics` of `@colm/spsa` says of the gradients that came. */
export interface Estimates {
  /**
   * Variance of the coefficients over the examples, the mean over the directions; 0 up to rounding where nothing tells examples
   * apart.
   */
  readonly variance: number;
  /** Share of the examples whose coefficients are those of an earlier one. */
  readonly ties: number;
  /** Share of the coefficients that are 0: the losses on both sides were the same float32. */
  readonly unresolved: number;
  /** `"underflow"` when more than half of them are: take a larger epsilon, or losses in higher precision. */
  readonly warning: "underflow" | null;
}

/**
 * A reason to doubt a choice. `"few-distinct-features"`: fewer different features than examples to choose by them, so that ties
 * decide; more zeroth-order directions, or fresh ones, help. `"underflow"`: most zeroth-order differences are lost to rounding.
 */
export type SelectionWarning = "few-distinct-features" | "underflow";

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
  /** Part of all weight that each source has in the choice; sum 1. */
  readonly mass: number[];
  /** Bytes of the arrays that each stage made, the largest at a time. */
  readonly bytes: ByStage;
  /** Milliseconds of each stage; absent without the option `now`. */
  readonly milliseconds?: ByStage;
  /** Where the stages ran that were left to `kernels`, by its `mode`: none where nothing was; absent without that option. */
  readonly modes?: ModeByStage;
  /**
   * How far the mean of the choice is from that of the pool, by the features compared (by the gradients, where each source keeps
   * coordinates of its own); absent where none were.
   */
  readonly matching?: MatchingErrors;
  /** What the memory knew of this pool; for `features: "remembered"` alone. */
  readonly recall?: Recall;
  /** How well the coefficients of zeroth-order gradients tell examples apart; for pools that bring such. */
  readonly estimates?: Estimates;
  /** Empty where there is none. */
  readonly warnings: readonly SelectionWarning[];
  /** Share of the budget that each big source was given; absent for methods without shares. */
  readonly shares?: number[];
  /**
   * Different features among the examples of big sources, to 1e-5 of the largest; absent where none were compared. When
   * this is below the sum of the shares, ties decide: in the official first step it is 2.
   */
  readonly distinctFeatures?: number;
}
