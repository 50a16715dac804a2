import { type Matrix, readEntries } from "@colm/array";
import { defineSetFunction } from "./define-set-function.ts";
import type { Evaluator, SetFunction } from "./set-function.ts";

/** A set function for which lazy evaluation would go wrong, so that it is refused. */
export interface NonSubmodularFunction extends SetFunction {
  readonly submodular: false;
}

/**
 * Disparity sum, `f(S) = sum_{i < j in S} distances[i, j]`: total diversity.
 *
 * @param distances - `[n, n]`, symmetric, at least 0; the diagonal is not read. Any strides. Kept, never copied.
 * @returns A monotone function on `n` items. It is supermodular: gains rise.
 * @throws {TypeError} If `distances` is no matrix.
 * @throws {RangeError} If it is not square, or an entry is negative or not finite.
 * @remarks Dasgupta, Kumar & Ravi, "Summarization through submodularity and dispersion" (2013). `gain` takes O(1),
 * `add` O(n).
 * @example
 * disparitySum(matrix(Float32Array.of(0, 1, 3, 1, 0, 2, 3, 2, 0), 3, 3)).value([0, 1, 2]); // => 6
 */
export function disparitySum(distances: Matrix): NonSubmodularFunction {
  const { rows: size, at } = readEntries("disparitySum", "distances", distances, { square: true });
  const value = (set: ArrayLike<number>): number => {
    let total = 0;
    for (let t = 0; t < set.length; t++) for (let u = 0; u < t; u++) total += at(set[t], set[u]);
    return total;
  };
  const grow = (): Evaluator => {
    const gains = new Float64Array(size);
    let total = 0;
    return {
      get value() {
        return total;
      },
      gain: (item) => gains[item],
      gains: (out) => out.set(gains),
      add(item) {
        total += gains[item];
        for (let j = 0; j < size; j++) gains[j] += at(j, item);
      },
    };
  };
  return defineSetFunction({ caller: "disparitySum", size, monotone: true, submodular: false, value, grow });
}

/**
 * Disparity min, `f(S) = min_{i < j in S} distances[i, j]`, 0 for fewer than two items: no two may be alike.
 *
 * @param distances - `[n, n]`, symmetric, at least 0; the diagonal is not read. Any strides. Kept, never copied.
 * @returns A function on `n` items, neither monotone nor submodular. Greedy is within a factor 2 of the optimum
 * where the distances are a metric and the first two items are the farthest pair.
 * @throws {TypeError} If `distances` is no matrix.
 * @throws {RangeError} If it is not square, or an entry is negative or not finite.
 * @remarks Ravi, Rosenkrantz & Tayi, "Heuristic and special case algorithms for dispersion problems" (1994). `gain`
 * takes O(1), `add` O(n).
 * @example
 * disparityMin(matrix(Float32Array.of(0, 1, 3, 1, 0, 2, 3, 2, 0), 3, 3)).value([0, 2]); // => 3
 */
export function disparityMin(distances: Matrix): NonSubmodularFunction {
  const { rows: size, at } = readEntries("disparityMin", "distances", distances, { square: true });
  const value = (set: ArrayLike<number>): number => {
    let least = Number.POSITIVE_INFINITY;
    for (let t = 0; t < set.length; t++) {
      for (let u = 0; u < t; u++) least = Math.min(least, at(set[t], set[u]));
    }
    return set.length < 2 ? 0 : least;
  };
  const grow = (): Evaluator => {
    // nearest[j]: distance from item j to the set
    const nearest = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
    let count = 0;
    let least = Number.POSITIVE_INFINITY;
    const current = (): number => (count < 2 ? 0 : least);
    return {
      get value() {
        return current();
      },
      gain: (item) => (count === 0 ? 0 : Math.min(least, nearest[item]) - current()),
      add(item) {
        least = Math.min(least, nearest[item]);
        count++;
        for (let j = 0; j < size; j++) nearest[j] = Math.min(nearest[j], at(j, item));
      },
    };
  };
  return defineSetFunction({ caller: "disparityMin", size, monotone: false, submodular: false, value, grow });
}
