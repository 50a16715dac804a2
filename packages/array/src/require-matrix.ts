import { describe } from "./describe.ts";
import type { Matrix } from "./matrix.ts";
import { simdFinite } from "./simd/finite.ts";

/**
 * Requires a two-dimensional float matrix, every entry finite.
 *
 * @param caller - Name of the public function that checks its argument.
 * @param name - Name of the argument.
 * @param value - The argument.
 * @throws {TypeError} If `value` is no two-dimensional `ndarray` over `Float32Array` or `Float64Array`.
 * @throws {RangeError} If its strides point outside its data, or at the first entry that is not finite.
 * @remarks Takes O(rows * cols); reads nothing outside the view.
 * @example
 * requireMatrix("f", "points", matrix(new Float32Array(4), 2, 2));
 */
export function requireMatrix(caller: string, name: string, value: unknown): asserts value is Matrix {
  requireShape(caller, name, value);
  const { data, offset } = value;
  const [rows, cols] = value.shape;
  const [rowStride, colStride] = value.stride;
  if (rows === 0 || cols === 0) return;
  const rowReach = (rows - 1) * rowStride;
  const colReach = (cols - 1) * colStride;
  const first = offset + Math.min(0, rowReach) + Math.min(0, colReach);
  const last = offset + Math.max(0, rowReach) + Math.max(0, colReach);
  if (!(first >= 0 && last < data.length)) {
    throw new RangeError(
      `${caller}: "${name}" must lie inside its data of ${data.length} entries, got entries ${first} to ${last}`,
    );
  }
  if (last - first + 1 === rows * cols && holdsFinite(data, first, last)) return;
  for (let i = 0; i < rows; i++) {
    let at = offset + i * rowStride;
    for (let j = 0; j < cols; j++, at += colStride) {
      // x - x is 0 for every finite x and NaN otherwise
      if (data[at] - data[at] !== 0) {
        throw new RangeError(`${caller}: "${name}" must be finite, got ${data[at]} at [${i}, ${j}]`);
      }
    }
  }
}

/** From so many entries on SIMD is worth its call. */
const MANY = 1024;

/** Whether `data[first..last]` holds finite numbers alone. */
function holdsFinite(data: Float32Array | Float64Array, first: number, last: number): boolean {
  const seen = last - first < MANY ? undefined : simdFinite(data, first, last);
  return seen ?? plainFinite(data, first, last);
}

/** The same by sums: a zero times anything else is NaN, and stays it. */
export function plainFinite(data: Float32Array | Float64Array, first: number, last: number): boolean {
  let [a, b, c, d] = [0, 0, 0, 0];
  let at = first;
  // four sums, so that no addition waits for the one before
  for (; at + 3 <= last; at += 4) {
    a += 0 * data[at];
    b += 0 * data[at + 1];
    c += 0 * data[at + 2];
    d += 0 * data[at + 3];
  }
  for (; at <= last; at++) a += 0 * data[at];
  return a + b + c + d === 0;
}

function requireShape(caller: string, name: string, value: unknown): asserts value is Matrix {
  if (
    typeof value !== "object" ||
    value === null ||
    !("data" in value && "shape" in value && "stride" in value && "offset" in value)
  ) {
    throw new TypeError(`${caller}: "${name}" must be an ndarray, got ${describe(value)}`);
  }
  const { data, shape } = value;
  if (!(data instanceof Float32Array || data instanceof Float64Array)) {
    throw new TypeError(
      `${caller}: "${name}" must be an ndarray over a Float32Array or a Float64Array, got ${describe(data)}`,
    );
  }
  if (!Array.isArray(shape) || shape.length !== 2) {
    const dimensions = Array.isArray(shape) ? shape.length : describe(shape);
    throw new TypeError(`${caller}: "${name}" must have 2 dimensions, got ${dimensions}`);
  }
}
