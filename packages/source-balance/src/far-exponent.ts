import type { Matrix } from "@colm/array";

/** Rows whose largest entry lies within these powers of two have squares that float64 holds; all of float32 does. */
const NEAR = 400;

/** The power of two of the largest entry where its square may be lost to float64; 0 otherwise. */
export function farExponent({ data, shape, stride, offset }: Matrix): number {
  let largest = 0;
  for (let i = 0; i < shape[0]; i++) {
    for (let j = 0, at = offset + i * stride[0]; j < shape[1]; j++, at += stride[1]) {
      largest = Math.max(largest, Math.abs(data[at]));
    }
  }
  const exponent = largest === 0 ? 0 : Math.max(-1022, Math.floor(Math.log2(largest)));
  return Math.abs(exponent) <= NEAR ? 0 : exponent;
}

/** `x 2^exponent`; `x` itself where that is 0. */
export function scaled<Values extends Float32Array | Float64Array>(
  x: Values,
  exponent: number,
): Values | Float64Array {
  return exponent === 0 ? x : Float64Array.from(x, (value) => value * 2 ** exponent);
}
