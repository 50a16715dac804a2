import { requireVector } from "@colm/array";
import { defineSetFunction } from "./define-set-function.ts";
import type { Evaluator, SubmodularFunction } from "./set-function.ts";

/**
 * Modular function, `f(S) = sum_{j in S} weights[j]`: every item for itself. A part for {@link mixture}.
 *
 * @param weights - One finite number per item, of any sign. Copied.
 * @returns A submodular function, monotone when no weight is negative.
 * @throws {TypeError} If `weights` is no array of numbers.
 * @throws {RangeError} If a weight is not finite.
 * @remarks `gain` and `add` take O(1).
 * @example
 * modular([1, 0.5, -2]).value([0, 2]); // => -1
 */
export function modular(weights: ArrayLike<number>): SubmodularFunction {
  requireVector("modular", "weights", weights);
  const own = Float64Array.from(weights);
  const value = (set: ArrayLike<number>): number => {
    let total = 0;
    for (let t = 0; t < set.length; t++) total += own[set[t]];
    return total;
  };
  const grow = (): Evaluator => {
    let total = 0;
    return {
      get value() {
        return total;
      },
      gain: (item) => own[item],
      gains: (out) => out.set(own),
      add(item) {
        total += own[item];
      },
    };
  };
  const monotone = own.every((weight) => weight >= 0);
  return defineSetFunction({
    caller: "modular",
    size: own.length,
    monotone,
    submodular: true,
    value,
    grow,
  });
}
