import { type Matrix, wrongKind } from "@colm/array";

/** Requires a two-dimensional `ndarray` of floats, whatever it holds: `requireMatrix` without the look at the entries. */
export function requireLayout(caller: string, name: string, m: Matrix): void {
  const { data, shape } = Object(m);
  if (!(data instanceof Float32Array || data instanceof Float64Array)) {
    throw wrongKind(caller, name, "be an ndarray over a Float32Array or a Float64Array", data);
  }
  if (!Array.isArray(shape) || shape.length !== 2) throw wrongKind(caller, name, "have 2 dimensions", shape);
}
