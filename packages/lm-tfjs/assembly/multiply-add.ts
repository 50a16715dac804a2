/**
 * `a b + c` lane by lane. Compiled for relaxed SIMD it is rounded once on machines that have the instruction and twice on
 * others; compiled without, always twice.
 */
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(c, f32x4.mul(a, b));
}
