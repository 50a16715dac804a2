import {
  requireAmount,
  requireBoth,
  requireChoice,
  requireIndices,
  requireNatural,
  requireShare,
  requireVector,
  wrongKind,
  wrongValue,
} from "@colm/array";
import type { Abort } from "./abort.ts";
import { requireTies, type Ties } from "./ties.ts";

/** Settings of {@link maximize}. At least one of `count`, `budget` and `quotas` limits the choice. */
export interface MaximizeOptions {
  /** At most this many items besides the initial ones, an integer in `[0, size - initial.length]`. */
  readonly count?: number;
  /** Cost of each item, above 0, in any unit; given together with `budget`. */
  readonly costs?: ArrayLike<number>;
  /** Largest sum of costs, at least 0, in the unit of `costs`. Initial items cost nothing. */
  readonly budget?: number;
  /**
   * How costs count: `"ratio"` compares gains per cost, `"gain"` gains among the items that still fit, `"best"`
   * (default) returns the better of both and, where gains can be negative or are sampled, of the best single item.
   */
  readonly costRule?: "best" | "ratio" | "gain";
  /** Group of each item, integers from 0; given together with `quotas`. */
  readonly groups?: ArrayLike<number>;
  /** At most this many items of each group, at most its size. Initial items count for no group. */
  readonly quotas?: ArrayLike<number>;
  /**
   * `"exact"` (default) looks at every gain in each step; `"lazy"` re-evaluates the item with the largest outdated
   * gain only, and needs a submodular function; `"stochastic"` looks at a random sample in each step.
   */
  readonly method?: "exact" | "lazy" | "stochastic";
  /** Which of equally good items goes first; `"low"` by default. */
  readonly ties?: Ties;
  /** Items that are in the set from the start; none by default. */
  readonly initial?: ArrayLike<number>;
  /** The run ends before an item whose gain is smaller; by default only before a gain of `-Infinity`. */
  readonly minGain?: number;
  /** Seed of the samples, an integer in `[0, 2^53)`: needed by `"stochastic"`. */
  readonly seed?: number;
  /** Samples hold `(n / k) log(1 / epsilon)` items; in (0, 1), 0.1 by default. Only for `"stochastic"`. */
  readonly epsilon?: number;
  /** Looked at every few choices; when aborted its reason is thrown. */
  readonly signal?: Abort;
  /** Told every few choices how many were made, and how many there can be at most; from the start in each run under costs. */
  readonly onProgress?: (done: number, most: number) => void;
}

/** Requires every setting that does not depend on the function to be of its kind and in its range. */
export function requireSettings(options: MaximizeOptions, size: number): void {
  const caller = "maximize";
  const { count, costs, budget, quotas, groups, initial = [], ties = "low", minGain = 0 } = options;
  const { costRule = "best", epsilon = 0.1 } = options;
  requireIndices(caller, "initial", initial, size);
  if (count !== undefined) requireNatural(caller, "count", count, size - initial.length);
  requireBoth(caller, "costs", costs, "budget", budget);
  if (costs !== undefined) requireCosts(costs, size);
  if (budget !== undefined) requireAmount(caller, "budget", budget);
  if (count === undefined && budget === undefined && quotas === undefined && groups === undefined) {
    throw new TypeError(`${caller}: one of "count", "budget" and "quotas" must be given, got none`);
  }
  requireChoice(caller, "costRule", costRule, ["best", "ratio", "gain"]);
  requireTies(caller, ties);
  if (typeof minGain !== "number") throw wrongKind(caller, "minGain", "be a number", minGain);
  if (Number.isNaN(minGain)) throw wrongValue(caller, "minGain", "be a number", minGain);
  requireShare(caller, "epsilon", epsilon);
}

function requireCosts(costs: ArrayLike<number>, size: number): void {
  requireVector("maximize", "costs", costs, size);
  for (let j = 0; j < size; j++) {
    if (costs[j] <= 0) throw wrongValue("maximize", "costs", "be above 0", costs[j], j);
  }
}
