/**
 * How an error message shows a value: numbers and strings as they are, everything else by its kind.
 *
 * @param value - Anything.
 * @returns A short text without line breaks.
 * @example
 * describe([1, 2]); // => "an array of 2"
 */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (ArrayBuffer.isView(value)) {
    const name = value.constructor.name;
    return "length" in value ? `a ${name} of ${value.length}` : `a ${name}`;
  }
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null)
    return `an object of kind ${value.constructor?.name ?? "null"}`;
  return String(value);
}

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
    throw new RangeError(`${caller}: "${name}" must have ${length} entries, got ${value.length}`);
  }
  for (let i = 0; i < value.length; i++) {
    const x = value[i];
    if (typeof x !== "number") {
      throw new TypeError(`${caller}: "${name}" must hold numbers, got ${describe(x)} at ${i}`);
    }
    if (x - x !== 0) throw new RangeError(`${caller}: "${name}" must be finite, got ${x} at ${i}`);
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
  if (typeof value !== "number") {
    throw new TypeError(`${caller}: "${name}" must be a number, got ${describe(value)}`);
  }
  if (!Number.isInteger(value) || value < 0 || value > max) {
    const range = max === Number.MAX_SAFE_INTEGER ? "of at least 0" : `in [0, ${max}]`;
    throw new RangeError(`${caller}: "${name}" must be an integer ${range}, got ${value}`);
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
      throw new RangeError(`${caller}: "${name}" must be integers in [0, ${size}), got ${shown} at ${i}`);
    }
    if (distinct && seen.has(index)) {
      throw new RangeError(`${caller}: "${name}" must be distinct, got ${index} again at ${i}`);
    }
    seen.add(index);
  }
}

function requireArrayLike(caller: string, name: string, value: unknown): void {
  const isArray = Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
  if (!isArray)
    throw new TypeError(`${caller}: "${name}" must be an array of numbers, got ${describe(value)}`);
}
