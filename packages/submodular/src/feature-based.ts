import { describe, type Matrix, readEntries, weightsOf, wrongValue } from "@colm/array";
import { defineSetFunction } from "./define-set-function.ts";
import type { Evaluator, SubmodularFunction } from "./set-function.ts";

/** Settings of {@link featureBased}. */
export interface FeatureBasedOptions {
  /**
   * How the total of a feature counts: `"sqrt"` (default), `"log"` for `log(1 + x)`, or any non-decreasing concave
   * function on `[0, inf)` with value 0 at 0. The caller vouches for one of his own.
   */
  readonly concave?: "sqrt" | "log" | ((total: number) => number);
  /** Totals count up to here, above 0; without a limit by default. */
  readonly cap?: number;
  /** Weight of each feature, at least 0; 1 by default. */
  readonly weights?: ArrayLike<number>;
}

/**
 * Feature-based function, `f(S) = sum_t weights[t] g(min(cap, sum_{j in S} features[j, t]))`, `g` concave.
 *
 * @param features - `[items, d]`, at least 0: how much of feature `t` item `j` has, in any unit; nothing is
 * rescaled. Any strides. Kept, never copied.
 * @param options - The concave function, the cap, and the weights of the features.
 * @returns A monotone submodular function on `items` items.
 * @throws {TypeError} If an argument is of the wrong kind.
 * @throws {RangeError} If an entry or a weight is negative or not finite, the cap is not above 0, or the concave function
 * has no such name.
 * @remarks Wei, Iyer & Bilmes, "Fast multi-stage submodular maximization" (2014), sec. 2. `gain` and `add` take
 * O(d); no similarities are needed.
 * @example
 * const f = featureBased(matrix(Float32Array.of(4, 0, 4, 0, 0, 1), 3, 2));
 * f.value([0]); // => 2
 * f.value([0, 2]); // => 3
 */
export function featureBased(features: Matrix, options: FeatureBasedOptions = {}): SubmodularFunction {
  const caller = "featureBased";
  const { concave = "sqrt", cap = Number.POSITIVE_INFINITY } = options;
  const { rows: size, cols: d, at } = readEntries(caller, "features", features);
  const weights = weightsOf(caller, options.weights, d);
  if (typeof cap !== "number" || !(cap > 0)) throw wrongValue(caller, "cap", "be above 0", cap);
  const below = concaveFunction(concave);
  const g = (total: number): number => below(Math.min(total, cap));

  const value = (set: ArrayLike<number>): number => {
    let total = 0;
    for (let t = 0; t < d; t++) {
      let sum = 0;
      for (let u = 0; u < set.length; u++) sum += at(set[u], t);
      total += weights[t] * g(sum);
    }
    return total;
  };
  const grow = (): Evaluator => {
    const sums = new Float64Array(d);
    const levels = sums.map(g);
    let total = value([]);
    const gain = (item: number): number => {
      let rise = 0;
      for (let t = 0; t < d; t++) {
        const x = at(item, t);
        if (x > 0) rise += weights[t] * (g(sums[t] + x) - levels[t]);
      }
      return rise;
    };
    return {
      get value() {
        return total;
      },
      gain,
      add(item) {
        total += gain(item);
        for (let t = 0; t < d; t++) {
          sums[t] += at(item, t);
          levels[t] = g(sums[t]);
        }
      },
    };
  };
  return defineSetFunction({ caller, size, monotone: true, submodular: true, value, grow });
}

function concaveFunction(concave: unknown): (total: number) => number {
  if (concave === "sqrt") return Math.sqrt;
  if (concave === "log") return Math.log1p;
  if (typeof concave === "function") return (total) => Number(concave(total));
  throw wrongValue("featureBased", "concave", 'be "sqrt", "log" or a function', describe(concave));
}
