import { check } from "./check-options.ts";
import type { NamedArrays } from "./optimizer.ts";

/**
 * Length of all gradients as one vector, `norm = sqrt(sum_p sum_i g_pi^2)`.
 *
 * @param gradients - Gradient of each parameter, by name. Read, never modified.
 * @returns The Euclidean norm; NaN or Infinity when an entry is.
 * @remarks O(d), accumulated in float64.
 * @example
 * globalNorm(new Map([["a", Float32Array.of(3)], ["b", Float32Array.of(0, 4)]])); // => 5
 */
export function globalNorm(gradients: NamedArrays): number {
  let sum = 0;
  for (const values of gradients.values()) {
    for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  }
  return Math.sqrt(sum);
}

/**
 * Gradients scaled so that their global norm is at most `maxNorm`, `g <- g min(1, maxNorm / (norm + 1e-6))`.
 *
 * @param gradients - Gradient of each parameter, by name. Read, never modified.
 * @param options - `maxNorm`: the largest norm allowed, above 0; `Infinity` scales nothing.
 * @returns Fresh scaled gradients and the norm before scaling.
 * @throws {TypeError} If `maxNorm` is not a number.
 * @throws {RangeError} If `maxNorm` is not above 0.
 * @remarks Pascanu, Mikolov & Bengio, "On the difficulty of training recurrent neural networks" (2013),
 * algorithm 1; the 1e-6 is PyTorch's `clip_grad_norm_`.
 * @example
 * const clipped = clipByGlobalNorm(new Map([["a", Float32Array.of(3, 4)]]), { maxNorm: 1 });
 * clipped.norm; // => 5
 * globalNorm(clipped.gradients) <= 1; // => true
 */
export function clipByGlobalNorm(
  gradients: NamedArrays,
  options: { readonly maxNorm: number },
): { readonly gradients: Map<string, Float32Array>; readonly norm: number } {
  const { maxNorm } = options;
  check("clipByGlobalNorm", "maxNorm", maxNorm, maxNorm > 0, "a number above 0");
  const norm = globalNorm(gradients);
  const scale = Math.min(1, maxNorm / (norm + 1e-6));
  const scaled = new Map<string, Float32Array>();
  for (const [name, values] of gradients) {
    const out = new Float32Array(values.length);
    for (let i = 0; i < values.length; i++) out[i] = values[i] * scale;
    scaled.set(name, out);
  }
  return { gradients: scaled, norm };
}
