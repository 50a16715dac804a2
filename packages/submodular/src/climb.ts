import type { Ties } from "./ties.ts";

/** Steps of exact greedy that an evaluator is asked to take at once. */
export interface Steps {
  /** 1 where the item may be added. Taking one closes that one alone. */
  readonly open: Uint8Array;
  /** How many at most; 64 in a call, where they are more. */
  readonly most: number;
  readonly ties: Ties;
  /** The last step is the one before an item whose gain is smaller. */
  readonly minGain: number;
}

/** The steps that were taken, in the arrays' first `count` entries. Valid until any evaluator is used again. */
export interface Climb {
  /** Less than was asked for, and than 64, where no item was open any more, or none good enough. */
  readonly count: number;
  readonly items: ArrayLike<number>;
  readonly gains: ArrayLike<number>;
  /** Gains that were settled by sums anew. */
  readonly evaluations: number;
}
