import type { Matrix } from "./matrix.ts";
import { requireMatrix } from "./require-matrix.ts";
import { wrongValue } from "./wrong-argument.ts";

/**
 * Requires a two-dimensional float matrix, every entry finite in float32 as well.
 *
 * @param caller - Name of the public function that checks its argument.
 * @param name - Name of the argument.
 * @param value - The argument.
 * @throws {TypeError} If `value` is no two-dimensional `ndarray` over `Float32Array` or `Float64Array`.
 * @throws {RangeError} If its strides point outside its data, or at the first entry that is not finite or that float32
 * has no finite number for.
 * @remarks Takes O(rows * cols).
 * @example
 * requireFloat32("f", "points", matrix(Float64Array.of(1e30), 1, 1));
 */
export function requireFloat32(caller: string, name: string, value: unknown): asserts value is Matrix {
  requireMatrix(caller, name, value);
  if (value.data instanceof Float32Array) return;
  const { data, offset } = value;
  const [rows, cols] = value.shape;
  const [rowStride, colStride] = value.stride;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const entry = data[offset + i * rowStride + j * colStride];
      if (Number.isFinite(Math.fround(entry))) continue;
      throw wrongValue(caller, name, "be within float32", entry, `[${i}, ${j}]`);
    }
  }
}
