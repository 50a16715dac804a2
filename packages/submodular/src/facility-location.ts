import { type Matrix, requireMatrix } from "@colm/array";
import { columnReader } from "./column-reader.ts";
import { defineSetFunction } from "./define-set-function.ts";
import { growFacility } from "./facility-evaluator.ts";
import type { SubmodularFunction } from "./set-function.ts";

/**
 * Facility location, `f(S) = sum_i max(0, max_{j in S} similarity[i, j])`, `f({}) = 0`.
 *
 * @param similarity - `[points, candidates]`, unitless: how well candidate `j` represents point `i`; negative
 * entries never count. Any strides. Read as float32, kept, never copied: leave it unchanged while in use.
 * @returns A monotone submodular function on `candidates` items.
 * @throws {TypeError} If `similarity` is no matrix.
 * @throws {RangeError} If an entry is not finite.
 * @remarks Krause & Golovin, "Submodular Function Maximization" (2014), sec. 1.1. Gains are float64 sums, from
 * the last point to the first, of float32 differences. `gain` takes O(points). An evaluator that was asked for
 * `gains` keeps them all, and `add` corrects them only for points whose cover rises: O(candidates) for each.
 * @example
 * const f = facilityLocation(matrix(Float32Array.of(1, 0.5, 0.5, 1), 2, 2));
 * f.value([0]); // => 1.5
 */
export function facilityLocation(similarity: Matrix): SubmodularFunction {
  requireMatrix("facilityLocation", "similarity", similarity);
  const columns = columnReader(similarity);
  return defineSetFunction({
    caller: "facilityLocation",
    size: similarity.shape[1],
    monotone: true,
    submodular: true,
    value: (set) => coverOf(similarity, set),
    grow: () => growFacility(similarity, { columns }),
  });
}

/** `sum_i max(0, max_{j in set} similarity[i, j])`. */
export function coverOf(similarity: Matrix, set: ArrayLike<number>): number {
  const { data, offset } = similarity;
  const [rowStride, colStride] = similarity.stride;
  let total = 0;
  for (let i = similarity.shape[0] - 1; i >= 0; i--) {
    let best = 0;
    for (let t = 0; t < set.length; t++) {
      best = Math.max(best, Math.fround(data[offset + i * rowStride + set[t] * colStride]));
    }
    total += best;
  }
  return total;
}
