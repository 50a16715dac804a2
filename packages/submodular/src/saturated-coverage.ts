import { type Matrix, readEntries, requireShare } from "@colm/array";
import { defineSetFunction } from "./define-set-function.ts";
import type { Evaluator, SubmodularFunction } from "./set-function.ts";

/** Settings of {@link saturatedCoverage}. */
export interface SaturatedCoverageOptions {
  /** Share of a point's total similarity at which it is saturated, in (0, 1]; 0.1 by default. */
  readonly alpha?: number;
}

/**
 * Saturated coverage, `f(S) = sum_i min(sum_{j in S} similarity[i, j], alpha sum_j similarity[i, j])`.
 *
 * @param similarity - `[points, candidates]`, at least 0, unitless. Any strides. Kept, never copied.
 * @param options - Where a point is saturated.
 * @returns A monotone submodular function on `candidates` items.
 * @throws {TypeError} If an argument is of the wrong kind.
 * @throws {RangeError} If an entry is negative or not finite, or `alpha` is outside (0, 1].
 * @remarks Lin & Bilmes, "A class of submodular functions for document summarization" (2011), eq. 4. `gain` and
 * `add` take O(points); `gains` reads only the rows of points that are not saturated yet.
 * @example
 * const f = saturatedCoverage(matrix(Float32Array.of(2, 1, 1, 2, 1, 1), 2, 3), { alpha: 0.5 });
 * f.value([0]); // => 4
 * f.value([1]); // => 2
 */
export function saturatedCoverage(
  similarity: Matrix,
  options: SaturatedCoverageOptions = {},
): SubmodularFunction {
  const caller = "saturatedCoverage";
  const { alpha = 0.1 } = options;
  const { rows: points, cols: size, at } = readEntries(caller, "similarity", similarity);
  requireShare(caller, "alpha", alpha, true);
  const caps = new Float64Array(points);
  for (let i = 0; i < points; i++) {
    for (let j = 0; j < size; j++) caps[i] += at(i, j);
    caps[i] *= alpha;
  }

  const value = (set: ArrayLike<number>): number => {
    let total = 0;
    for (let i = 0; i < points; i++) {
      let sum = 0;
      for (let t = 0; t < set.length; t++) sum += at(i, set[t]);
      total += Math.min(sum, caps[i]);
    }
    return total;
  };
  const grow = (): Evaluator => {
    const room = caps.slice();
    let total = 0;
    const gain = (item: number): number => {
      let sum = 0;
      for (let i = 0; i < points; i++) if (room[i] > 0) sum += Math.min(at(i, item), room[i]);
      return sum;
    };
    return {
      get value() {
        return total;
      },
      gain,
      gains(out) {
        out.fill(0);
        for (let i = 0; i < points; i++) {
          if (room[i] > 0) for (let j = 0; j < size; j++) out[j] += Math.min(at(i, j), room[i]);
        }
      },
      add(item) {
        total += gain(item);
        for (let i = 0; i < points; i++) room[i] = Math.max(0, room[i] - at(i, item));
      },
    };
  };
  return defineSetFunction({ caller, size, monotone: true, submodular: true, value, grow });
}
