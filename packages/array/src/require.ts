import { describe } from "./describe.ts";
import { wrongKind, wrongValue } from "./wrong-argument.ts";

/**
 * Requires finite numbers, and `length` of them where it is given.
 *
 * @param caller - Name of the public function that checks its argument.
 * @param name - Name of the argument.
 * @param value - The argument.
 * @param length - Exact number of entries wanted; any when absent.
 * @throws {TypeError} If `value` is not array-like or holds something other than numbers.
 * @throws {RangeError} If the length differs, or at the first entry that is not finite.
 * @remarks Takes O(length).
 * @example
 * requireVector("f", "losses", [0.5, 2], 2);
 */
export function requireVector(
  caller: string,
  name: string,
  value: ArrayLike<number>,
  length: number = value?.length,
): void {
  requireArrayLike(caller, name, value);
  if (value.length !== length) {
    throw wrongValue(caller, name, `have ${length} entries`, value.length);
  }
  for (let i = 0; i < value.length; i++) {
    const x = value[i];
    if (typeof x !== "number") throw wrongKind(caller, name, "hold numbers", x, i);
    if (x - x !== 0) throw wrongValue(caller, name, "be finite", x, i);
  }
}

/**
 * Requires an integer in `[0, max]`.
 *
 * @param caller - Name of the public function that checks its argument.
 * @param name - Name of the argument.
 * @param value - The argument.
 * @param max - Largest value allowed, `2^53 - 1` by default.
 * @throws {TypeError} If `value` is not a number.
 * @throws {RangeError} If it is no integer in the range.
 * @example
 * requireNatural("f", "count", 3, 8);
 */
export function requireNatural(
  caller: string,
  name: string,
  value: unknown,
  max: number = Number.MAX_SAFE_INTEGER,
): asserts value is number {
  if (typeof value !== "number") throw wrongKind(caller, name, "be a number", value);
  if (!Number.isInteger(value) || value < 0 || value > max) {
    const range = max === Number.MAX_SAFE_INTEGER ? "of at least 0" : `in [0, ${max}]`;
    throw wrongValue(caller, name, `be an integer ${range}`, value);
  }
}

/**
 * Requires indices into `size` items, each at most once unless `distinct` is false.
 *
 * @param caller - Name of the public function that checks its argument.
 * @param name - Name of the argument.
 * @param value - The argument.
 * @param size - Number of items; indices are in `[0, size)`.
 * @param distinct - Whether a repeated index is refused; true by default.
 * @throws {TypeError} If `value` is not array-like.
 * @throws {RangeError} At the first entry that is no such index.
 * @remarks Takes O(length).
 * @example
 * requireIndices("f", "selected", [2, 0], 3);
 */
export function requireIndices(
  caller: string,
  name: string,
  value: ArrayLike<number>,
  size: number,
  distinct: boolean = true,
): void {
  requireArrayLike(caller, name, value);
  const seen = new Set<number>();
  for (let i = 0; i < value.length; i++) {
    const index = value[i];
    if (!Number.isInteger(index) || index < 0 || index >= size) {
      const shown = typeof index === "number" ? index : describe(index);
      throw wrongValue(caller, name, `be integers in [0, ${size})`, shown, i);
    }
    if (distinct && seen.has(index)) throw wrongValue(caller, name, "be distinct", `${index} again`, i);
    seen.add(index);
  }
}

function requireArrayLike(caller: string, name: string, value: unknown): void {
  const isArray = Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
  if (!isArray) throw wrongKind(caller, name, "be an array of numbers", value);
}
