// The arithmetic of src/box-muller.ts, operation by operation, on two lanes. Its table `SERIES` stands at address 0.

/** Constant `at` of the table, in both lanes. */
function constant(at: usize): v128 {
  return v128.load64_splat(at << 3);
}

/** `a + t b`. */
function plus(a: v128, t: v128, b: v128): v128 {
  return f64x2.add(a, f64x2.mul(t, b));
}

/** `c[first] + c[first + 1] t + ... + c[first + 5] t^5 + last t^6`, in an order that leaves little to wait for. */
function polynomial(t: v128, first: usize, last: v128): v128 {
  const square = f64x2.mul(t, t);
  const low = plus(constant(first), t, constant(first + 1));
  const middle = plus(constant(first + 2), t, constant(first + 3));
  const high = plus(constant(first + 4), t, constant(first + 5));
  return plus(plus(low, square, middle), f64x2.mul(square, square), plus(high, square, last));
}

/** The lowest bit of each lane as the sign of a float64. */
function asSign(v: v128): v128 {
  return i64x2.shl(v, 63);
}

/** `sqrt(-2 log(v / 2^32))` for `v = bits + 1` of the lower two lanes. */
function radii(bits: v128): v128 {
  const one = constant(0);
  const v = f64x2.add(f64x2.convert_low_i32x4_u(bits), one);
  const top = i64x2.shr_u(v, 52);
  // v with the exponent of one: in [1, 2)
  const scaled = i64x2.add(i64x2.sub(v, i64x2.shl(top, 52)), one);
  const above = f64x2.ge(scaled, constant(1));
  const m = i64x2.add(scaled, i64x2.shl(above, 52));
  // a biased exponent in the last bits of 2^52 is a sum, which the constant behind it undoes together with the bias
  const upper = v128.or(i64x2.sub(top, above), constant(2));
  const power = f64x2.sub(upper, constant(3));
  const s = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one));
  const t = f64x2.mul(s, s);
  const last = plus(constant(14), t, constant(15));
  const artanh = f64x2.mul(f64x2.add(s, s), polynomial(t, 8, last));
  const log = f64x2.add(f64x2.mul(power, constant(4)), artanh);
  return f64x2.sqrt(f64x2.mul(constant(5), log));
}

/**
 * Two pairs of normals from the lower two lanes of the words for radius and angle: `x0 y0` to `out`, `x1 y1` to
 * `out + 16`.
 */
export function boxMuller(out: usize, radiusBits: v128, angleBits: v128): void {
  const radius = radii(radiusBits);
  const turn = f64x2.convert_low_i32x4_s(i32x4.shr_u(i32x4.shl(angleBits, 2), 2));
  const share = f64x2.sub(f64x2.mul(turn, constant(6)), constant(30));
  const angle = f64x2.mul(share, constant(7));
  const square = f64x2.mul(angle, angle);
  const sine = f64x2.mul(f64x2.mul(radius, angle), polynomial(square, 16, constant(22)));
  const cosine = f64x2.mul(radius, polynomial(square, 23, constant(29)));
  const quarter = i64x2.shr_u(i64x2.extend_low_i32x4_u(angleBits), 30);
  const odd = i64x2.extend_low_i32x4_s(i32x4.shr_s(i32x4.shl(angleBits, 1), 31));
  const half = i64x2.shr_u(quarter, 1);
  const x = v128.xor(v128.bitselect(sine, cosine, odd), asSign(v128.xor(quarter, half)));
  const y = v128.xor(v128.bitselect(cosine, sine, odd), asSign(half));
  const pairs = v128.shuffle<i32>(f32x4.demote_f64x2_zero(x), f32x4.demote_f64x2_zero(y), 0, 4, 1, 5);
  v128.store64_lane(out, pairs, 0);
  v128.store64_lane(out + 16, pairs, 1);
}
