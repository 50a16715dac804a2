import { describe, type Matrix, requireMatrix } from "@colm/array";
import { defineSetFunction } from "./define-set-function.ts";
import { requireEntries, requireWeights } from "./require-entries.ts";
import type { Evaluator, SubmodularFunction } from "./set-function.ts";

/** Settings of {@link featureBased}. */
export interface FeatureBasedOptions {
  /**
   * How the total of a feature counts: `"sqrt"` (default), `"log"` for `log(1 + x)`, or any non-decreasing concave
   * function on `[0, inf)` with value 0 at 0. The caller vouches for one of his own.
   */
  readonly concave?: "sqrt" | "log" | ((total: number) => number);
  /** Weight of each feature, at least 0; 1 by default. */
  readonly weights?: ArrayLike<number>;
}

/**
 * Feature-based function, `f(S) = sum_t weights[t] g(sum_{j in S} features[j, t])`, `g` concave.
 *
 * @param features - `[items, d]`, at least 0: how much of feature `t` item `j` has, in any unit; nothing is
 * rescaled. Any strides. Kept, never copied.
 * @param options - The concave function and the weights of the features.
 * @returns A monotone submodular function on `items` items.
 * @throws {TypeError} If an argument is of the wrong kind.
 * @throws {RangeError} If an entry or a weight is negative or not finite, or the concave function has no such name.
 * @remarks Wei, Iyer & Bilmes, "Fast multi-stage submodular maximization" (2014), sec. 2. `gain` and `add` take
 * O(d); no similarities are needed.
 * @example
 * const f = featureBased(matrix(Float32Array.of(4, 0, 4, 0, 0, 1), 3, 2));
 * f.value([0]); // => 2
 * f.value([0, 2]); // => 3
 */
export function featureBased(features: Matrix, options: FeatureBasedOptions = {}): SubmodularFunction {
  const caller = "featureBased";
  const { concave = "sqrt" } = options;
  requireMatrix(caller, "features", features);
  requireEntries(caller, "features", features);
  const [size, d] = features.shape;
  const { weights = new Float64Array(d).fill(1) } = options;
  requireWeights(caller, "weights", weights, d);
  const g = concaveFunction(concave);
  const { data, offset } = features;
  const [rowStride, colStride] = features.stride;

  const value = (set: ArrayLike<number>): number => {
    let total = 0;
    for (let t = 0; t < d; t++) {
      let sum = 0;
      for (let u = 0; u < set.length; u++) sum += data[offset + set[u] * rowStride + t * colStride];
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
        const x = data[offset + item * rowStride + t * colStride];
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
          sums[t] += data[offset + item * rowStride + t * colStride];
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
  throw new RangeError(
    `featureBased: "concave" must be "sqrt", "log" or a function, got ${describe(concave)}`,
  );
}
