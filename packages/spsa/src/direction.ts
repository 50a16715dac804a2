import { describe, requireNatural, wrongKind } from "@colm/array";
import type { DirectionalGradients } from "./directional-gradients.ts";
import { perturbation } from "./perturbation.ts";
import { requireDirections } from "./require-directions.ts";

/**
 * Entries `start .. start + out.length - 1` of direction `z_k` of an estimate, drawn again.
 *
 * @param g - The estimate; its coefficients are not read.
 * @param k - Which direction, an integer in `[0, q)`.
 * @param start - First entry wanted, an integer in `[0, d]`.
 * @param out - Filled with the entries; `start + out.length` is at most d.
 * @returns `out`.
 * @throws {TypeError} If `out` is no `Float32Array` or a number is none.
 * @throws {RangeError} If `k` or the block lies outside the directions.
 * @remarks See `perturbation`.
 * @example
 * const g = directionalGradients(matrix(Float32Array.of(2, -4), 2, 1), { dimension: 6, seed: 1 });
 * const whole = direction(g, 0, 0, new Float32Array(6));
 * direction(g, 0, 4, new Float32Array(2))[0] === whole[4]; // => true
 */
export function direction(
  g: DirectionalGradients,
  k: number,
  start: number,
  out: Float32Array,
): Float32Array {
  requireDirections("direction", g);
  const q: unknown = Object(g.coefficients).shape?.[1];
  if (typeof q !== "number") throw wrongKind("direction", "g", "be directional gradients", g);
  if (!(out instanceof Float32Array)) {
    throw new TypeError(`direction: "out" must be a Float32Array, got ${describe(out)}`);
  }
  requireNatural("direction", "k", k, q - 1);
  requireNatural("direction", "start", start, g.dimension);
  if (start + out.length > g.dimension) {
    throw new RangeError(
      `direction: "out" must have at most ${g.dimension - start} entries from ${start} on, got ${out.length}`,
    );
  }
  return perturbation(g, k, start, out);
}
