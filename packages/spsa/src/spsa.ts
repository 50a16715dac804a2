import { describe, matrix, requireOptions } from "@colm/array";
import type { DirectionalGradients } from "./directional-gradients.ts";
import { type Directions, perturbation } from "./perturbation.ts";
import { requireInputs, type SpsaOptions } from "./spsa-options.ts";

/** The losses of the n examples at parameters `theta`, in the same order at every call. */
export type PerExampleLoss = (theta: Float32Array) => Float32Array | Promise<Float32Array>;

/**
 * Zeroth-order per-example gradients: `c_ik = (L_i(theta + epsilon z_k) - L_i(theta - epsilon z_k)) / (2 epsilon)`, or
 * one-sided `c_ik = (L_i(theta + epsilon z_k) - L_i(theta)) / epsilon`, so that `g_i = (1/q) sum_k c_ik z_k` estimates
 * the gradient of `L_i`.
 *
 * @param loss - Called `2 q` times, one after the other, first at the plus side; one-sided `q + 1` times, first at theta.
 *   Each call gets an array of its own, which it may keep or change.
 * @param theta - The `d` parameters, finite. Read, never written: perturbations go to copies, so nothing is to restore.
 * @param options - See `SpsaOptions`.
 * @returns The estimates; the caller owns them. Where a loss was not finite, or the slope is beyond float32, the coefficient is NaN, and every
 *   function that takes gradients refuses it: drop such examples with `finiteRows` and `gatherRows`, and say so.
 * @throws {TypeError} If an argument or what `loss` returns is of the wrong kind.
 * @throws {RangeError} If an option is outside its range, `theta` is empty or not finite, or `loss` returns
 *   different numbers of losses.
 * @remarks Spall, "Multivariate stochastic approximation using a simultaneous perturbation gradient
 *   approximation" (1992), with Gaussian z as in Nguyen et al., "Mini-batch Coresets" (ICLR 2025), Eq. 6. The
 *   reference implementation draws one z for a whole run: `fresh: false`. It perturbs in place and adds back, which
 *   drifts; this does not. `theta +- epsilon z` is rounded to float32. Memory: one copy of theta for each call.
 *   `coefficientStatistics` tells whether the differences say anything at all.
 * @example
 * const squares = (theta) => Float32Array.from([1, 2], (scale) => scale * theta.reduce((sum, x) => sum + x * x, 0));
 * const g = await spsa(squares, Float32Array.of(3, -1), { seed: 1 });
 * g.coefficients.shape; // => [2, 1]
 */
export async function spsa(
  loss: PerExampleLoss,
  theta: Float32Array,
  options: SpsaOptions,
): Promise<DirectionalGradients> {
  requireOptions("spsa", options);
  const { epsilon = 1e-3, directions = 1, differences = "two-sided" } = options;
  const { seed, step = 0, fresh = false, signal } = options;
  requireInputs(loss, theta, { epsilon, directions, differences, seed, step, fresh });
  const drawn = { dimension: theta.length, seed, step, fresh };
  const columns: Float32Array[] = [];
  signal?.throwIfAborted();
  const unmoved = differences === "one-sided" ? await evaluate(loss, theta.slice(), undefined) : undefined;
  const distance = unmoved === undefined ? 2 * epsilon : epsilon;
  for (let k = 0; k < directions; k++) {
    signal?.throwIfAborted();
    const plus = await evaluate(loss, perturbed(theta, epsilon, drawn, k), (unmoved ?? columns[0])?.length);
    signal?.throwIfAborted();
    const other = unmoved ?? (await evaluate(loss, perturbed(theta, -epsilon, drawn, k), plus.length));
    columns.push(plus.map((p, i) => slope(p - other[i], distance)));
  }
  const n = columns[0].length;
  const data = Float32Array.from({ length: n * directions }, (_, at) => {
    const k = at % directions;
    return columns[k][(at - k) / directions];
  });
  return { coefficients: matrix(data, n, directions), ...drawn };
}

/** `theta + scale z_k`, a fresh array. */
function perturbed(theta: Float32Array, scale: number, drawn: Directions, k: number): Float32Array {
  const out = perturbation(drawn, k, 0, new Float32Array(theta.length));
  for (let j = 0; j < out.length; j++) out[j] = theta[j] + scale * out[j];
  return out;
}

/** NaN where a loss was not finite or the slope is none. */
function slope(difference: number, distance: number): number {
  const value = Math.fround(difference / distance);
  return Number.isFinite(value) ? value : Number.NaN;
}

async function evaluate(
  loss: PerExampleLoss,
  theta: Float32Array,
  expected: number | undefined,
): Promise<Float32Array> {
  const losses = await loss(theta);
  if (!(losses instanceof Float32Array)) {
    throw new TypeError(`spsa: "loss" must return a Float32Array, got ${describe(losses)}`);
  }
  if (expected !== undefined && losses.length !== expected) {
    throw new RangeError(
      `spsa: "loss" must return as many losses at every call, ${expected} so far, got ${losses.length}`,
    );
  }
  // the caller may fill the same array again at its next call
  return losses.slice();
}
