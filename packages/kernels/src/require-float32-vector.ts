import { requireVector, wrongValue } from "@colm/array";

/** Requires so many numbers, each within float32, in which it is computed. */
export function requireFloat32Vector(
  caller: string,
  name: string,
  values: ArrayLike<number>,
  length: number,
): void {
  requireVector(caller, name, values, length);
  for (let i = 0; i < length; i++) {
    if (Number.isFinite(Math.fround(values[i]))) continue;
    throw wrongValue(caller, name, "be within float32", values[i], i);
  }
}
