import { requireNatural, requireVector } from "./require.ts";
import { wrongKind, wrongValue } from "./wrong-argument.ts";

/**
 * Requires a finite number of at least 0.
 *
 * @param caller - Name of the public function that checks its argument.
 * @param name - Name of the argument.
 * @param value - The argument.
 * @throws {TypeError} If `value` is not a number.
 * @throws {RangeError} If it is negative or not finite.
 * @example
 * requireAmount("f", "budget", 2.5);
 */
export function requireAmount(caller: string, name: string, value: unknown): asserts value is number {
  if (typeof value !== "number") throw wrongKind(caller, name, "be a number", value);
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw wrongValue(caller, name, "be finite and at least 0", value);
  }
}

/**
 * Requires an integer in `[1, max]`.
 *
 * @param caller - Name of the public function that checks its argument.
 * @param name - Name of the argument.
 * @param value - The argument.
 * @param max - Largest value allowed, `2^53 - 1` by default.
 * @throws {TypeError} If `value` is not a number.
 * @throws {RangeError} If it is no integer in the range.
 * @example
 * requirePositive("f", "shards", 2);
 */
export function requirePositive(
  caller: string,
  name: string,
  value: unknown,
  max?: number,
): asserts value is number {
  requireNatural(caller, name, value, max);
  if (value === 0) throw wrongValue(caller, name, "be at least 1", 0);
}

/**
 * Requires a number above 0 and below 1, or up to 1.
 *
 * @param caller - Name of the public function that checks its argument.
 * @param name - Name of the argument.
 * @param value - The argument.
 * @param closed - Whether 1 is allowed; false by default.
 * @throws {TypeError} If `value` is not a number.
 * @throws {RangeError} If it is outside the range.
 * @example
 * requireShare("f", "alpha", 1, true);
 */
export function requireShare(
  caller: string,
  name: string,
  value: unknown,
  closed: boolean = false,
): asserts value is number {
  if (typeof value !== "number") throw wrongKind(caller, name, "be a number", value);
  if (!(value > 0 && (value < 1 || (closed && value === 1)))) {
    throw wrongValue(caller, name, `be in (0, 1${closed ? "]" : ")"}`, value);
  }
}

/**
 * Requires `length` finite numbers of at least 0.
 *
 * @param caller - Name of the public function that checks its argument.
 * @param name - Name of the argument.
 * @param value - The argument.
 * @param length - Exact number of entries wanted.
 * @throws {TypeError} If `value` is not array-like or holds something other than numbers.
 * @throws {RangeError} If the length differs, or at the first entry that is negative or not finite.
 * @remarks Takes O(length).
 * @example
 * requireWeights("f", "weights", [0, 0.5], 2);
 */
export function requireWeights(caller: string, name: string, value: ArrayLike<number>, length: number): void {
  requireVector(caller, name, value, length);
  for (let i = 0; i < length; i++) {
    if (value[i] < 0) throw wrongValue(caller, name, "be at least 0", value[i], i);
  }
}
