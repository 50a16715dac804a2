import { describe, requireOptions, requireVector, wrongKind } from "@colm/array";
import type { DirectionalGradients } from "./directional-gradients.ts";
import { finiteRows, gatherRows } from "./finite-rows.ts";
import { requireEstimates } from "./require-estimates.ts";

/** What the coefficients of an estimate tell about its quality. */
export interface CoefficientStatistics {
  /** Examples with finite coefficients: all figures below are about them. */
  readonly examples: number;
  /** Examples with a coefficient that is not finite, because a loss was not or its slope is beyond float32. */
  readonly dropped: number;
  /** Entry k: the mean of `c_ik` over the examples. */
  readonly mean: Float64Array;
  /**
   * Entry k: the variance of `c_ik` over the examples, unbiased; 0 for fewer than two. Where nothing tells them apart it is 0 up to
   * the rounding of the mean; `ties` is exact.
   */
  readonly variance: Float64Array;
  /** Share of the examples whose coefficients are exactly those of an earlier one, in `[0, 1)`. */
  readonly ties: number;
  /** Share of the coefficients whose loss difference is 0 or no more than the spacing of float32 at the losses, in `[0, 1]`. */
  readonly unresolved: number;
  /** "underflow" when more than half of the coefficients are unresolved: take a larger epsilon; null otherwise. */
  readonly warning: "underflow" | null;
}

/**
 * Variance, ties and resolution of an estimate's coefficients, `variance_k = sum_i (c_ik - mean_k)^2 / (n - 1)`.
 *
 * @param g - The estimates; may hold NaN. Only read.
 * @param options - `losses`: one for each example, about as large as those that were compared, such as the losses at theta; without
 *   them only differences of exactly 0 count as unresolved. `distance`: by how much the two evaluations lay apart along z:
 *   `2 epsilon`, one-sided `epsilon`; default 2e-3, that of `spsa` by default.
 * @returns Plain figures, fresh; nothing is logged.
 * @throws {TypeError | RangeError} If `g` is no estimate, a coefficient is beyond float32, `losses` has another length than there are examples or `distance` is not above 0.
 * @remarks A float32 loss L has neighbours `2^-23 2^floor(log2 |L|)` away: a smaller change of the true loss is lost. Takes O(n q).
 * @example
 * const g = directionalGradients(matrix(Float32Array.of(2, -4, 2), 3, 1), { dimension: 3, seed: 1 });
 * const { variance, ties, warning } = coefficientStatistics(g);
 * variance; // => [12]
 * ties; // => 0.333333
 * warning; // => null
 */
export function coefficientStatistics(
  g: DirectionalGradients,
  options: { losses?: ArrayLike<number>; distance?: number } = {},
): CoefficientStatistics {
  requireEstimates("coefficientStatistics", "g", g);
  requireOptions("coefficientStatistics", options);
  const { losses, distance = 2e-3 } = options;
  const [n, q] = g.coefficients.shape;
  if (losses !== undefined && (typeof losses !== "object" || losses === null)) {
    throw wrongKind("coefficientStatistics", "losses", "be an array of numbers", losses);
  }
  if (losses !== undefined && losses.length !== n) {
    throw new RangeError(
      `coefficientStatistics: "losses" must have ${n} entries, one for each example, got ${losses.length}`,
    );
  }
  if (!(distance > 0 && distance < Number.POSITIVE_INFINITY)) {
    const shown = typeof distance === "number" ? distance : describe(distance);
    throw new RangeError(`coefficientStatistics: "distance" must be finite and above 0, got ${shown}`);
  }
  const rows = finiteRows(g.coefficients);
  const usable = losses && Array.from(rows, (i) => losses[i]);
  if (usable) requireVector("coefficientStatistics", "losses", usable);
  const { data } = gatherRows(g, rows).coefficients;
  const examples = rows.length;
  const unresolved = examples === 0 ? 0 : countUnresolved(data, q, distance, usable) / (examples * q);
  return {
    examples,
    dropped: n - examples,
    ...meanAndVariance(data, examples, q),
    ties: examples === 0 ? 0 : 1 - distinctRows(data, examples, q) / examples,
    unresolved,
    warning: unresolved > 0.5 ? "underflow" : null,
  };
}

function meanAndVariance(
  data: ArrayLike<number>,
  n: number,
  q: number,
): { mean: Float64Array; variance: Float64Array } {
  const mean = new Float64Array(q);
  const variance = new Float64Array(q);
  for (let at = 0; at < n * q; at++) mean[at % q] += data[at] / n;
  if (n < 2) return { mean, variance };
  for (let at = 0; at < n * q; at++) variance[at % q] += (data[at] - mean[at % q]) ** 2 / (n - 1);
  return { mean, variance };
}

function distinctRows(data: Float32Array | Float64Array, n: number, q: number): number {
  // 0 and -0 are one value, and join writes them alike
  return new Set(Array.from({ length: n }, (_, i) => data.subarray(i * q, (i + 1) * q).join())).size;
}

function countUnresolved(
  data: ArrayLike<number>,
  q: number,
  distance: number,
  losses: number[] | undefined,
): number {
  let count = 0;
  for (let at = 0; at < data.length; at++) {
    const spacing = losses === undefined ? 0 : float32Spacing(losses[Math.floor(at / q)]);
    if (Math.abs(data[at]) * distance <= spacing) count++;
  }
  return count;
}

/** How far the next float32 lies from one of the size of `x`. */
function float32Spacing(x: number): number {
  const power = Math.floor(Math.log2(Math.max(Math.abs(x), 2 ** -126)));
  return 2 ** (power - 23);
}
