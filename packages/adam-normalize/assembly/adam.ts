// Adam's rule. At address 0 stand, as float64: beta1, 1 - beta1, its correction, beta2, 1 - beta2, its correction, epsilon.

/** Where `beta1 m` and `beta2 v` of the current eight columns stand. */
const FIRST: usize = 192;
const SECOND: usize = 256;

function constant(at: usize): v128 {
  return v128.load64_splat(at << 3);
}

/** Takes the moments of eight columns. */
export function setMoments(m: usize, v: usize): void {
  for (let at: usize = 0; at < 64; at += 16) {
    v128.store(FIRST + at, f64x2.mul(constant(0), v128.load(m + at)));
    v128.store(SECOND + at, f64x2.mul(constant(3), v128.load(v + at)));
  }
}

/** `u` of two columns from byte `at` of the eight on, gradient g: two float32 in the lower lanes. */
export function normalized(at: usize, g: v128): v128 {
  const first = f64x2.mul(f64x2.add(v128.load(FIRST + at), f64x2.mul(constant(1), g)), constant(2));
  const square = f64x2.mul(f64x2.mul(constant(4), g), g);
  const second = f64x2.mul(f64x2.add(v128.load(SECOND + at), square), constant(5));
  return f32x4.demote_f64x2_zero(f64x2.div(first, f64x2.add(f64x2.sqrt(second), constant(6))));
}
