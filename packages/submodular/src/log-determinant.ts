import { type Matrix, readEntries, requireAmount } from "@colm/array";
import { defineSetFunction } from "./define-set-function.ts";
import type { Evaluator, SubmodularFunction } from "./set-function.ts";

/** Settings of {@link logDeterminant}. */
export interface LogDeterminantOptions {
  /** Added to the diagonal, at least 0; 1 by default, the smallest for which the function is always monotone. */
  readonly regularization?: number;
}

/**
 * Log-determinant, `f(S) = log det(kernel[S, S] + regularization I)`, `f({}) = 0`: the volume that the chosen
 * items span.
 *
 * @param kernel - `[n, n]`, symmetric and positive semidefinite; only entries `[i, j]` with `j` in the set are read.
 * Any strides. Kept, never copied.
 * @param options - What is added to the diagonal.
 * @returns A submodular function on `n` items. Its gain is `-Infinity` for an item that the set already spans:
 * without regularization, where no more than `2^-40` of its own entry is left of it.
 * @throws {TypeError} If an argument is of the wrong kind.
 * @throws {RangeError} If the kernel is not square, an entry is not finite, or `regularization` is negative.
 * @remarks Kulesza & Taskar, "Determinantal point processes for machine learning" (2012). Gains by the incremental
 * Cholesky factorisation of Chen, Zhang & Zhou (2018): `gain` takes O(1), the k-th `add` O(n k), memory O(n k).
 * @example
 * const f = logDeterminant(matrix(Float32Array.of(1, 1, 1, 1), 2, 2));
 * f.value([0]); // => 0.693147
 * f.value([0, 1]); // => 1.098612
 */
export function logDeterminant(kernel: Matrix, options: LogDeterminantOptions = {}): SubmodularFunction {
  const caller = "logDeterminant";
  const { regularization = 1 } = options;
  const { rows: size, at } = readEntries(caller, "kernel", kernel, {
    square: true,
    min: Number.NEGATIVE_INFINITY,
  });
  requireAmount(caller, "regularization", regularization);

  // without regularization an item in the span of others keeps no more than roundings of its length
  const least = regularization > 0 ? 0 : 2 ** -40;
  const logOf = (rest: number, length: number): number =>
    rest > least * length ? Math.log(rest) : Number.NEGATIVE_INFINITY;
  const grow = (): Evaluator => {
    // rest[j]: squared length of item j outside the span; factors[t][j]: its coordinate along the t-th direction
    const rest = Float64Array.from({ length: size }, (_, j) => at(j, j) + regularization);
    const factors: Float64Array[] = [];
    let total = 0;
    const gain = (item: number): number => logOf(rest[item], at(item, item));
    return {
      get value() {
        return total;
      },
      gain,
      add(item) {
        const own = gain(item);
        total += own;
        const length = Math.sqrt(rest[item]);
        const next = new Float64Array(size);
        if (own > Number.NEGATIVE_INFINITY) {
          for (let j = 0; j < size; j++) next[j] = at(j, item);
          for (const factor of factors) {
            const own = factor[item];
            for (let j = 0; j < size; j++) next[j] -= own * factor[j];
          }
          for (let j = 0; j < size; j++) {
            next[j] /= length;
            rest[j] -= next[j] ** 2;
          }
        }
        factors.push(next);
      },
    };
  };
  const value = (set: ArrayLike<number>): number => logDet(set, at, regularization, logOf);
  return defineSetFunction({ caller, size, monotone: regularization >= 1, submodular: true, value, grow });
}

/** By the Cholesky factorisation of the submatrix alone; `-Infinity` where it is singular. */
function logDet(
  set: ArrayLike<number>,
  at: (i: number, j: number) => number,
  regularization: number,
  logOf: (rest: number, length: number) => number,
): number {
  const k = set.length;
  const lower = new Float64Array(k * k);
  let total = 0;
  for (let r = 0; r < k; r++) {
    for (let c = 0; c <= r; c++) {
      let rest = at(set[r], set[c]) + (r === c ? regularization : 0);
      for (let t = 0; t < c; t++) rest -= lower[r * k + t] * lower[c * k + t];
      if (c < r) lower[r * k + c] = rest / lower[c * k + c];
      else {
        total += logOf(rest, at(set[r], set[r]));
        if (total === Number.NEGATIVE_INFINITY) return total;
        lower[r * k + r] = Math.sqrt(rest);
      }
    }
  }
  return total;
}
