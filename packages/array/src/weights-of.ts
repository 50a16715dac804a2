import { requireWeights } from "./require-number.ts";

/**
 * Weights of `length` items: a checked copy of those given, or 1 for each.
 *
 * @param caller - Name of the public function that was given them as `weights`.
 * @param weights - Finite numbers of at least 0, if any.
 * @param length - How many there have to be.
 * @returns The weights in float64; fresh.
 * @throws {TypeError} If `weights` is given and not array-like, or holds something other than numbers.
 * @throws {RangeError} If the length differs, or at the first entry that is negative or not finite.
 * @example
 * weightsOf("f", undefined, 2); // => Float64Array [1, 1]
 */
export function weightsOf(
  caller: string,
  weights: ArrayLike<number> | undefined,
  length: number,
): Float64Array {
  if (weights === undefined) return new Float64Array(length).fill(1);
  requireWeights(caller, "weights", weights, length);
  return Float64Array.from(weights);
}
