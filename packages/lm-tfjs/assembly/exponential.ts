import { multiplyAdd } from "./multiply-add";

// variables, because the engine makes a constant anew wherever it stands in a loop, which costs more than the arithmetic
const least = four(-87);
const largest = four(88);
const toBinary = four(f32(Math.LOG2E));
// 1.5 2^23: what is added to it is rounded to an integer, which stands in its lowest bits
const rounder = four(12582912);
const minusLog2 = four(-0.693359375);
const restOfLog2 = four(2.1219444e-4);
const p5 = four(1.98756915e-4);
const p4 = four(1.3981999507e-3);
const p3 = four(8.3334519073e-3);
const p2 = four(4.1665795894e-2);
const p1 = four(1.6666665459e-1);
const p0 = four(5.0000001201e-1);
const one = four(1);

function four(x: f32): v128 {
  return f32x4.splat(x);
}

/**
 * `exp(x)` of four numbers to about 1e-7 relative: `2^n p(r)`, `x = n ln 2 + r`, p the polynomial of Cephes' `expf` (S. Moshier).
 * Arguments below -87 give about 1e-38, above 88 about 1e38. NaN stays NaN.
 */
export function exponential(x: v128): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(x, largest), least);
  const rounded = multiplyAdd(bounded, toBinary, rounder);
  const n = f32x4.sub(rounded, rounder);
  const r = multiplyAdd(n, restOfLog2, multiplyAdd(n, minusLog2, bounded));
  let p = multiplyAdd(p5, r, p4);
  p = multiplyAdd(p, r, p3);
  p = multiplyAdd(p, r, p2);
  p = multiplyAdd(p, r, p1);
  p = multiplyAdd(p, r, p0);
  p = f32x4.add(multiplyAdd(f32x4.mul(p, r), r, r), one);
  // n on top of the exponent of 1
  return f32x4.mul(p, i32x4.add(i32x4.shl(rounded, 23), one));
}

/** `1 / (1 + exp(-x))` of four numbers. */
export function sigmoid(x: v128): v128 {
  return f32x4.div(one, f32x4.add(one, exponential(f32x4.neg(x))));
}

/** Sum of the four numbers, pairwise. */
export function horizontalSum(x: v128): f32 {
  const half = f32x4.add(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(half, 0) + f32x4.extract_lane(half, 1);
}

/** Largest of the four numbers. */
export function horizontalMax(x: v128): f32 {
  const half = f32x4.max(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return max(f32x4.extract_lane(half, 0), f32x4.extract_lane(half, 1));
}
