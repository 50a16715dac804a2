import { type Matrix, readEntries, weightsOf } from "@colm/array";
import { defineSetFunction } from "./define-set-function.ts";
import type { Evaluator, SubmodularFunction } from "./set-function.ts";

/** Settings of {@link coverage}. */
export interface CoverageOptions {
  /** Weight of each concept, at least 0; 1 by default. */
  readonly weights?: ArrayLike<number>;
}

/**
 * Probabilistic coverage, `f(S) = sum_t weights[t] (1 - prod_{j in S} (1 - probabilities[j, t]))`. With entries 0
 * and 1 it is set coverage: the weight of the concepts that `S` holds.
 *
 * @param probabilities - `[items, concepts]`, in [0, 1]: how likely item `j` covers concept `t`. Any strides. Kept,
 * never copied.
 * @param options - The weights of the concepts.
 * @returns A monotone submodular function on `items` items.
 * @throws {TypeError} If an argument is of the wrong kind.
 * @throws {RangeError} If an entry is outside [0, 1] or a weight is negative or not finite.
 * @remarks Iyer & Bilmes (2013). `gain` and `add` take O(concepts).
 * @example
 * const f = coverage(matrix(Float32Array.of(1, 0, 0.5, 0.5), 2, 2), { weights: [1, 2] });
 * f.value([0]); // => 1
 * f.value([0, 1]); // => 2
 */
export function coverage(probabilities: Matrix, options: CoverageOptions = {}): SubmodularFunction {
  const caller = "coverage";
  const { rows: size, cols: concepts, at } = readEntries(caller, "probabilities", probabilities, { max: 1 });
  const weights = weightsOf(caller, options.weights, concepts);

  const value = (set: ArrayLike<number>): number => {
    let total = 0;
    for (let t = 0; t < concepts; t++) {
      let missed = 1;
      for (let u = 0; u < set.length; u++) missed *= 1 - at(set[u], t);
      total += weights[t] * (1 - missed);
    }
    return total;
  };
  const grow = (): Evaluator => {
    const missed = new Float64Array(concepts).fill(1);
    let total = 0;
    const gain = (item: number): number => {
      let rise = 0;
      for (let t = 0; t < concepts; t++) {
        rise += weights[t] * missed[t] * at(item, t);
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
        for (let t = 0; t < concepts; t++) missed[t] *= 1 - at(item, t);
      },
    };
  };
  return defineSetFunction({ caller, size, monotone: true, submodular: true, value, grow });
}
