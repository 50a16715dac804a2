import type { Matrix } from "@colm/array";
import { plainTarget } from "./target.ts";

/** Relative distances, `|mean of the choice - mean of the pool| / |mean of the pool|`, in feature space. */
export interface MatchingErrors {
  /** To the plain mean of the pool. */
  readonly plain: number;
  /** To the mean in which small sources have the share of the pool that they have of the choice. */
  readonly upweighted: number;
  /** `|mean of the choice| / |mean of the pool|`, the plain one: below 1 a step is shorter than that on the whole pool. */
  readonly ratio: number;
  /** Cosine of the two; 0 where the mean of the choice is 0. */
  readonly cosine: number;
}

/** Both errors of a choice, and how its mean lies to the pool's; undefined where a mean is 0 or nothing was chosen. */
export function matchingErrors(
  features: Matrix,
  rows: ArrayLike<number>,
  weights: ArrayLike<number>,
  upweighted: Float64Array,
): MatchingErrors | undefined {
  if (rows.length === 0) return undefined;
  const weightOf = new Float64Array(features.shape[0]);
  let total = 0;
  for (let t = 0; t < rows.length; t++) total += weights[t];
  for (let t = 0; t < rows.length; t++) weightOf[rows[t]] = weights[t] / total;
  const chosen = weightedMean(features, weightOf);
  const pool = weightedMean(features, plainTarget(features.shape[0]));
  const length = Math.sqrt(squareSum(chosen));
  const poolLength = Math.sqrt(squareSum(pool));
  const errors = {
    plain: relativeDistance(chosen, pool),
    upweighted: relativeDistance(chosen, weightedMean(features, upweighted)),
    ratio: length / poolLength,
    cosine: length === 0 ? 0 : scalarProduct(chosen, pool) / (length * poolLength),
  };
  return Object.values(errors).every(Number.isFinite) ? errors : undefined;
}

/** `sum_i w_i x_i` of features `[n, d]` of any strides. */
function weightedMean({ data, shape, stride, offset }: Matrix, weights: Float64Array): Float64Array {
  const [size, cols] = shape;
  const mean = new Float64Array(cols);
  for (let i = 0; i < size; i++) {
    const weight = weights[i];
    if (weight === 0) continue;
    for (let j = 0, at = offset + i * stride[0]; j < cols; j++, at += stride[1]) mean[j] += weight * data[at];
  }
  return mean;
}

/** `|mean - target| / |target|`; not finite when the target is 0. */
function relativeDistance(mean: Float64Array, target: Float64Array): number {
  return Math.sqrt(squareSum(mean.map((x, j) => x - target[j])) / squareSum(target));
}

function scalarProduct(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j] * b[j];
  return sum;
}

function squareSum(values: Float64Array): number {
  return scalarProduct(values, values);
}
