import { describe, matrix, requireNatural, requireVector } from "@colm/array";
import type { DirectionalGradients } from "./directional-gradients.ts";
import { type Directions, perturbation } from "./perturbation.ts";

/** The losses of the n examples at parameters `theta`, in the same order at every call. */
export type PerExampleLoss = (theta: Float32Array) => Float32Array | Promise<Float32Array>;

/** Settings of `spsa`. */
export interface SpsaOptions {
  /** Half the distance of the two evaluations, finite and above 0, in units of theta. Default 1e-3. */
  epsilon?: number;
  /** `q`, an integer of at least 1. Default 1. */
  directions?: number;
  /** Integer in `[0, 2^53)`: the same seed gives the same directions everywhere. */
  seed: number;
  /** The training step, a natural number. Default 0. */
  step?: number;
  /** Whether each step has directions of its own. Default false: one set of directions for the whole run. */
  fresh?: boolean;
  /** An `AbortSignal`, asked before each evaluation. */
  signal?: { throwIfAborted(): void };
}

/**
 * Zeroth-order per-example gradients: `c_ik = (L_i(theta + epsilon z_k) - L_i(theta - epsilon z_k)) / (2 epsilon)`, so
 * that `g_i = (1/q) sum_k c_ik z_k` estimates the gradient of `L_i`.
 *
 * @param loss - Called `2 q` times, one after the other, first at the plus side. Each call gets an array of its
 *   own, which it may keep or change.
 * @param theta - The `d` parameters, finite. Read, never written: perturbations go to copies, so nothing is to restore.
 * @param options - See `SpsaOptions`.
 * @returns The estimates; the caller owns them. Where a loss was not finite the coefficient is NaN, and every
 *   function that takes gradients refuses it: drop such examples with `finiteRows` and `gatherRows`, and say so.
 * @throws {TypeError} If an argument or what `loss` returns is of the wrong kind.
 * @throws {RangeError} If an option is outside its range, `theta` is empty or not finite, or `loss` returns
 *   different numbers of losses.
 * @remarks Spall, "Multivariate stochastic approximation using a simultaneous perturbation gradient
 *   approximation" (1992), with Gaussian z as in Nguyen et al., "Mini-batch Coresets" (ICLR 2025), Eq. 6. The
 *   reference implementation draws one z for a whole run: `fresh: false`. It perturbs in place and adds back, which
 *   drifts; this does not. `theta +- epsilon z` is rounded to float32. Memory: one copy of theta for each call.
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
  const { epsilon = 1e-3, directions = 1, seed, step = 0, fresh = false, signal } = options;
  requireInputs(loss, theta, { epsilon, directions, seed, step, fresh });
  const drawn = { dimension: theta.length, seed, step, fresh };
  const columns: Float32Array[] = [];
  for (let k = 0; k < directions; k++) {
    signal?.throwIfAborted();
    const plus = await evaluate(loss, perturbed(theta, epsilon, drawn, k), columns[0]?.length);
    signal?.throwIfAborted();
    const minus = await evaluate(loss, perturbed(theta, -epsilon, drawn, k), plus.length);
    columns.push(plus.map((p, i) => centralDifference(p, minus[i], epsilon)));
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

function centralDifference(plus: number, minus: number, epsilon: number): number {
  const slope = Math.fround((plus - minus) / (2 * epsilon));
  return Number.isFinite(slope) ? slope : Number.NaN;
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

function requireInputs(
  loss: PerExampleLoss,
  theta: Float32Array,
  options: { epsilon: number; directions: number; seed: number; step: number; fresh: boolean },
): void {
  const { epsilon, directions, seed, step, fresh } = options;
  if (typeof loss !== "function") {
    throw new TypeError(`spsa: "loss" must be a function, got ${describe(loss)}`);
  }
  if (!(theta instanceof Float32Array)) {
    throw new TypeError(`spsa: "theta" must be a Float32Array, got ${describe(theta)}`);
  }
  if (theta.length === 0) throw new RangeError('spsa: "theta" must have at least 1 entry, got 0');
  requireVector("spsa", "theta", theta);
  if (typeof epsilon !== "number") {
    throw new TypeError(`spsa: "epsilon" must be a number, got ${describe(epsilon)}`);
  }
  if (!(epsilon > 0 && epsilon < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`spsa: "epsilon" must be finite and above 0, got ${epsilon}`);
  }
  requireNatural("spsa", "directions", directions, 2 ** 32 - 1);
  if (directions === 0) throw new RangeError('spsa: "directions" must be at least 1, got 0');
  requireNatural("spsa", "seed", seed);
  requireNatural("spsa", "step", step);
  if (typeof fresh !== "boolean") {
    throw new TypeError(`spsa: "fresh" must be a boolean, got ${describe(fresh)}`);
  }
}
