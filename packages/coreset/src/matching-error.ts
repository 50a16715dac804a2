import type { Matrix } from "@colm/array";
import { plainTarget } from "./target.ts";

/** Relative distances, `|mean of the choice - mean of the pool| / |mean of the pool|`, in feature space. */
export interface MatchingErrors {
  /** To the plain mean of the pool. */
  readonly plain: number;
  /** To the mean in which small sources have the share of the pool that they have of the choice. */
  readonly upweighted: number;
}

/** Both errors of a choice; undefined where a mean is 0 or nothing was chosen. */
export function matchingErrors(
  features: Matrix,
  rows: ArrayLike<number>,
  weights: ArrayLike<number>,
  upweighted: Float64Array,
): MatchingErrors | undefined {
  if (rows.length === 0) return undefined;
  const errors = {
    plain: matchingError(features, rows, weights, plainTarget(features.shape[0])),
    upweighted: matchingError(features, rows, weights, upweighted),
  };
  return Number.isFinite(errors.plain + errors.upweighted) ? errors : undefined;
}

/**
 * `|sum_i w_i x_i / sum(w) - sum_i t_i x_i| / |sum_i t_i x_i|`: how far a weighted choice is from a target.
 *
 * @param features - `[n, d]`.
 * @param rows - The chosen rows.
 * @param weights - One for each of them, sum above 0.
 * @param target - One weight for each row of `features`, sum 1.
 * @returns The error; not finite when the target mean is 0.
 */
function matchingError(
  features: Matrix,
  rows: ArrayLike<number>,
  weights: ArrayLike<number>,
  target: Float64Array,
): number {
  const { data, shape, stride, offset } = features;
  const [size, cols] = shape;
  const share = new Float64Array(size);
  let total = 0;
  for (let t = 0; t < rows.length; t++) total += weights[t];
  for (let t = 0; t < rows.length; t++) share[rows[t]] = weights[t] / total;
  const mean = new Float64Array(cols);
  const difference = new Float64Array(cols);
  for (let i = 0; i < size; i++) {
    const wanted = target[i];
    const excess = share[i] - wanted;
    for (let j = 0, at = offset + i * stride[0]; j < cols; j++, at += stride[1]) {
      mean[j] += wanted * data[at];
      difference[j] += excess * data[at];
    }
  }
  return Math.sqrt(squareSum(difference) / squareSum(mean));
}

function squareSum(values: Float64Array): number {
  let sum = 0;
  for (const x of values) sum += x * x;
  return sum;
}
