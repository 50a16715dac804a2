/**
 * Whether `bytes` from `at` on, a multiple of 16, hold finite numbers alone: float64, or float32 where `single`. One more
 * in an exponent of ones alone reaches the sign.
 */
export function finite(at: usize, bytes: usize, single: bool): bool {
  const magnitude = single ? i32x4.splat(0x7fffffff) : i64x2.splat(0x7fffffff00000000);
  const one = single ? i32x4.splat(0x00800000) : i64x2.splat(0x0010000000000000);
  let signs = i32x4.splat(0);
  for (const end = at + bytes; at < end; at += 16) {
    signs = v128.or(signs, i32x4.add(v128.and(v128.load(at), magnitude), one));
  }
  return i32x4.bitmask(signs) === 0;
}
