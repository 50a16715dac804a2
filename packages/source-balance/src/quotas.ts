import { describe, requireNatural, requireOptions, requireVector } from "@colm/array";
import { balancedQuotas } from "./balanced-quotas.ts";
import { equalQuotas } from "./equal-quotas.ts";
import { largestRemainderQuotas, proportionalQuotas } from "./proportional-quotas.ts";

/** Settings of {@link quotas}. */
export interface QuotaOptions {
  /** Default `"proportional"`. */
  readonly strategy?: "proportional" | "balanced" | "equal";
  /** How `"proportional"` rounds before it corrects the sum; default `"floor"`. The other strategies do not round by it. */
  readonly rounding?: "floor" | "ceil" | "largest-remainder";
  /** Integer in [0, 2^53): the draw of `"balanced"`, required there; the other strategies draw nothing. */
  readonly seed?: number;
}

/**
 * How many examples each source may contribute: integers `q_s <= counts[s]` with `sum(q) = budget`.
 *
 * @param counts - One natural number per source: the examples it has to offer. Read only.
 * @param budget - Examples wanted in all, an integer in `[0, sum(counts)]`.
 * @param options - `strategy`:
 *   `"proportional"` (default) rounds `budget * counts[s] / sum(counts)` down, then gives what is missing one by one to
 *   the sources with the smallest quotas; with `rounding: "ceil"` it rounds up and takes the surplus one by one from the
 *   largest. `"balanced"` rounds the same shares up or down at random, up with the probability of their fractional
 *   part, by `seed`. `"equal"` gives every source the same, as far as it has that many.
 * @returns One quota per source, fresh.
 * @throws {TypeError} If an argument is of the wrong kind, or `"balanced"` has no seed.
 * @throws {RangeError} If a count is not a natural number, `budget` is above the sum of the counts, their product is
 *   above 2^53, or a setting is unknown.
 * @remarks Proportional shares as in the reference implementation of Nguyen et al. (2025): of equal quotas the lower
 *   source is given first, the higher one taken from first (of more than 16 sources, the one that its unstable sort puts
 *   first); a source that has nothing left is passed over. Largest remainders: Hamilton's method, see Balinski & Young,
 *   "Fair Representation" (1982). Balanced:
 *   systematic sampling of the fractional parts (Madow 1949) in integers, so the shares are met exactly in expectation.
 *   Takes O(c log c).
 * @example
 * quotas([17, 22, 12], 3); // => [1, 1, 1]
 * quotas([300, 53], 172); // => [146, 26]
 * quotas([300, 53], 172, { strategy: "equal" }); // => [119, 53]
 * quotas([5, 3, 1], 7, { rounding: "largest-remainder" }); // => [4, 2, 1]
 */
export function quotas(counts: ArrayLike<number>, budget: number, options: QuotaOptions = {}): Int32Array {
  requireOptions("quotas", options);
  const { strategy = "proportional", rounding = "floor", seed } = options;
  requireAvailable(counts, budget);
  if (rounding !== "floor" && rounding !== "ceil" && rounding !== "largest-remainder") {
    throw new RangeError(
      `quotas: "rounding" must be "floor", "ceil" or "largest-remainder", got ${describe(rounding)}`,
    );
  }
  switch (strategy) {
    case "proportional":
      return rounding === "largest-remainder"
        ? largestRemainderQuotas(counts, budget)
        : proportionalQuotas(counts, budget, rounding);
    case "balanced":
      requireNatural("quotas", "seed", seed);
      return balancedQuotas(counts, budget, seed);
    case "equal":
      return equalQuotas(counts, budget);
    default:
      throw new RangeError(
        `quotas: "strategy" must be "proportional", "balanced" or "equal", got ${describe(strategy)}`,
      );
  }
}

function requireAvailable(counts: ArrayLike<number>, budget: number): void {
  requireVector("quotas", "counts", counts);
  let available = 0;
  for (let s = 0; s < counts.length; s++) {
    if (!Number.isInteger(counts[s]) || counts[s] < 0) {
      throw new RangeError(`quotas: "counts" must be integers of at least 0, got ${counts[s]} at ${s}`);
    }
    available += counts[s];
  }
  requireNatural("quotas", "budget", budget, 2 ** 31 - 1);
  if (budget > available) {
    throw new RangeError(
      `quotas: "budget" must be at most the ${available} examples of all sources, got ${budget}`,
    );
  }
  if (available * Math.max(budget, 1) > Number.MAX_SAFE_INTEGER) {
    throw new RangeError(
      `quotas: "budget" times the sum of "counts" must be below 2^53, got ${budget} x ${available}`,
    );
  }
}
