import { type Matrix, requireFloat32, wrongKind } from "@colm/array";
import type { Directions } from "./perturbation.ts";
import { requireDirections } from "./require-directions.ts";

/**
 * Per-example gradient estimates `g_i = (1/q) sum_k c_ik z_k` by their coefficients alone: `n q` numbers where
 * the gradients have `n d`. A plain value: `structuredClone` keeps all of it.
 */
export interface DirectionalGradients extends Directions {
  /** `c`, `[n, q]`. An estimate of `spsa` holds NaN where a loss was not finite, or the slope was beyond float32; see `finiteRows`. */
  readonly coefficients: Matrix;
}

/**
 * Gradient estimates `g_i = (1/q) sum_k c_ik z_k` from given coefficients.
 *
 * @param coefficients - `c`, `[n, q]`, finite and within float32, q of at least 1. Kept, not copied.
 * @param directions - What draws the `z_k`: `dimension` d of at least 1, `seed`, `step` (default 0), `fresh` (default
 *   false: `step` does not enter the draw).
 * @returns The estimates, a plain value.
 * @throws {TypeError | RangeError} If `coefficients` is no finite matrix, or not within float32, or a field is outside its range.
 * @example
 * const g = directionalGradients(matrix(Float32Array.of(2, -4), 2, 1), { dimension: 3, seed: 1 });
 * g.step; // => 0
 */
export function directionalGradients(
  coefficients: Matrix,
  directions: { dimension: number; seed: number; step?: number; fresh?: boolean },
): DirectionalGradients {
  if (typeof directions !== "object" || directions === null) {
    throw wrongKind("directionalGradients", "directions", "be an object", directions);
  }
  const { dimension, seed, step = 0, fresh = false } = directions;
  const gradients = { coefficients, dimension, seed, step, fresh };
  requireDirectionalGradients("directionalGradients", "coefficients", gradients);
  return gradients;
}

/**
 * Requires directional gradients whose coefficients are finite, in float32 as well.
 *
 * @param caller - Name of the public function that checks its argument.
 * @param name - Name of the argument.
 * @param gradients - The argument.
 * @throws {TypeError | RangeError} If a field is of the wrong kind or outside its range, or at the first
 *   coefficient that is not finite or beyond float32.
 * @remarks Takes O(n q).
 * @example
 * const g = directionalGradients(matrix(Float32Array.of(2, -4), 2, 1), { dimension: 3, seed: 1 });
 * requireDirectionalGradients("f", "gradients", g);
 */
export function requireDirectionalGradients(
  caller: string,
  name: string,
  gradients: DirectionalGradients,
): void {
  if (typeof gradients !== "object" || gradients === null) {
    throw wrongKind(caller, name, "be directional gradients", gradients);
  }
  const { coefficients } = gradients;
  requireFloat32(caller, name, coefficients);
  if (coefficients.shape[1] === 0) {
    throw new RangeError(`${caller}: "${name}" must have at least 1 direction, got 0`);
  }
  requireDirections(caller, gradients);
}
