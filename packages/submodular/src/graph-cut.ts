import { type Matrix, readEntries, requireAmount } from "@colm/array";
import { defineSetFunction } from "./define-set-function.ts";
import type { Evaluator, SubmodularFunction } from "./set-function.ts";

/** Settings of {@link graphCut}. */
export interface GraphCutOptions {
  /** Weight of redundancy, at least 0; 0.5 by default, the largest for which the function is always monotone. */
  readonly lambda?: number;
}

/**
 * Graph cut, `f(S) = sum_{i, j in S} similarity[i, j]` over all `i` minus `lambda` times the same sum over `i in S`.
 *
 * @param similarity - `[n, n]`, at least 0, unitless. Any strides. Kept, never copied.
 * @param options - The weight of redundancy.
 * @returns A submodular function on `n` items: representation less redundancy. It is monotone when no item
 * loses more by all others than it brings.
 * @throws {TypeError} If an argument is of the wrong kind.
 * @throws {RangeError} If the matrix is not square, an entry is negative or not finite, or `lambda` is negative.
 * @remarks Iyer & Bilmes, "Submodular optimization with submodular cover and submodular knapsack constraints"
 * (2013). `gain` takes O(1), `add` O(n), the start O(n^2). Divided by `lambda` it is apricot's form.
 * @example
 * const f = graphCut(matrix(Float32Array.of(1, 0.5, 0.5, 1), 2, 2), { lambda: 0.5 });
 * f.value([0]); // => 1
 * f.value([0, 1]); // => 1.5
 */
export function graphCut(similarity: Matrix, options: GraphCutOptions = {}): SubmodularFunction {
  const caller = "graphCut";
  const { lambda = 0.5 } = options;
  const { rows: size, at } = readEntries(caller, "similarity", similarity, { square: true });
  requireAmount(caller, "lambda", lambda);

  const columnSums = new Float64Array(size);
  const rowSums = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      columnSums[j] += at(i, j);
      rowSums[i] += at(i, j);
    }
  }
  // gains never rise, so the last of all additions decides whether one is ever negative
  const monotone = columnSums.every((sum, j) => sum >= lambda * (sum + rowSums[j] - at(j, j)));

  const value = (set: ArrayLike<number>): number => {
    let total = 0;
    for (let t = 0; t < set.length; t++) {
      total += columnSums[set[t]];
      for (let u = 0; u < set.length; u++) total -= lambda * at(set[u], set[t]);
    }
    return total;
  };
  const grow = (): Evaluator => {
    const gains = columnSums.map((sum, j) => sum - lambda * at(j, j));
    let total = 0;
    return {
      get value() {
        return total;
      },
      gain: (item) => gains[item],
      gains: (out) => out.set(gains),
      add(item) {
        total += gains[item];
        for (let j = 0; j < size; j++) gains[j] -= lambda * (at(item, j) + at(j, item));
      },
    };
  };
  return defineSetFunction({ caller, size, monotone, submodular: true, value, grow });
}
