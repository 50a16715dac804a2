import type { Matrix } from "./matrix.ts";
import { describe } from "./require.ts";

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
