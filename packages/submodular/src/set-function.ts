import type { Climb, Steps } from "./climb.ts";

/** A real-valued function on the subsets of `{0, ..., size - 1}`: what {@link maximize} maximises. */
export interface SetFunction {
  /** Number of items of the ground set. */
  readonly size: number;
  /** Whether adding an item never lowers the value. */
  readonly monotone: boolean;
  /** Whether gains never rise while the set grows (diminishing returns). */
  readonly submodular: boolean;
  /** f(set), computed from the definition. The order of `set` does not matter. */
  value(set: ArrayLike<number>): number;
  /** A set that grows from `initial` (empty by default), able to say what each further item would add. */
  start(initial?: ArrayLike<number>): Evaluator;
}

/** A set function with diminishing returns, as lazy evaluation and certificates need it. */
export interface SubmodularFunction extends SetFunction {
  readonly submodular: true;
}

/** A growing set `S`. It belongs to whoever started it; several may grow side by side. */
export interface Evaluator {
  /** f(S + item) - f(S) for an item outside `S`. This is the number that decides. */
  gain(item: number): number;
  /** Writes the gain of every item; entries of items in `S` mean nothing. Optional: for functions that keep all gains. */
  gains?(out: Float64Array): void;
  /** How far an entry of `gains` may stand from `gain`, by rounding. 0 where absent. */
  readonly tolerance?: number;
  /** f(S). Where absent, `SetFunction.value` is asked. */
  readonly value?: number | undefined;
  /** What `gain` said, or would have said, of the item added last. Where present it spares asking. */
  readonly added?: number | undefined;
  /** Adds an item to `S`. */
  add(item: number): void;
  /**
   * Adds the open item of largest gain, again and again, as exact greedy does: the same items as step by step. Optional:
   * for functions that are faster when they are not asked in between.
   */
  climb?(steps: Steps): Climb;
}
