import { describe, permutation, requireIndices, requireNatural, requireOptions } from "@colm/array";
import { proportionalQuotas } from "./proportional-quotas.ts";

/** Settings of {@link trimKept}. */
export interface OverflowOptions {
  /** Which kept examples stay when there are more than the budget; default `"truncate"`. */
  readonly overflow?: "truncate" | "random" | "proportional";
  /** Integer in [0, 2^53): the draw of `"random"`, required there; the other rules draw nothing. */
  readonly seed?: number;
}

/**
 * Which of the examples that should be kept can be kept: `min(n, budget)` of `n` positions.
 *
 * @param sources - The source of each such example, in pool order; natural numbers. Read only.
 * @param budget - How many can stay, a natural number.
 * @param options - `overflow`: `"truncate"` (default, the reference's behaviour) keeps the first `budget`; `"random"` draws them
 *   by `seed`; `"proportional"` shares the budget among the sources by {@link quotas} and keeps the first of each.
 * @returns Positions in `sources`, ascending; all of them when they fit. Fresh.
 * @throws {TypeError | RangeError} If an argument is of the wrong kind or range, or `"random"` has no seed.
 * @remarks Truncation favours whatever stands early in the pool, `"proportional"` keeps every small source's part. Takes O(n log n).
 * @example
 * trimKept([4, 4, 4, 4, 7, 7], 3); // => [0, 1, 2]
 * trimKept([4, 4, 4, 4, 7, 7], 3, { overflow: "proportional" }); // => [0, 1, 4]
 */
export function trimKept(
  sources: ArrayLike<number>,
  budget: number,
  options: OverflowOptions = {},
): Int32Array {
  requireOptions("trimKept", options);
  const { overflow = "truncate", seed } = options;
  requireIndices("trimKept", "sources", sources, Number.MAX_SAFE_INTEGER, false);
  requireNatural("trimKept", "budget", budget);
  if (overflow !== "truncate" && overflow !== "random" && overflow !== "proportional") {
    throw new RangeError(
      `trimKept: "overflow" must be "truncate", "random" or "proportional", got ${describe(overflow)}`,
    );
  }
  const fitting = Math.min(sources.length, budget);
  if (overflow === "random") {
    requireNatural("trimKept", "seed", seed);
    return permutation(sources.length, { seed }).slice(0, fitting).sort();
  }
  if (overflow === "proportional") return firstOfEachSource(sources, fitting);
  return Int32Array.from({ length: fitting }, (_, i) => i);
}

function firstOfEachSource(sources: ArrayLike<number>, budget: number): Int32Array {
  const positions = new Map<number, number[]>();
  for (let i = 0; i < sources.length; i++) {
    const held = positions.get(sources[i]);
    if (held === undefined) positions.set(sources[i], [i]);
    else held.push(i);
  }
  const groups = Array.from(positions).sort(([a], [b]) => a - b);
  const shares = proportionalQuotas(
    groups.map(([, held]) => held.length),
    budget,
    "floor",
  );
  return Int32Array.from(groups.flatMap(([, held], s) => held.slice(0, shares[s]))).sort();
}
