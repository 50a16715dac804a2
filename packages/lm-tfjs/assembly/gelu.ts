import { exponential, sigmoid } from "./exponential";

/** `out = x Phi(x)`, Phi the normal distribution function, or its approximation by tanh where `exact` is false; `length` entries. */
export function gelu(x: usize, out: usize, length: i32, exact: bool): void {
  const end = usize(length & ~3) << 2;
  let at: usize = 0;
  for (; at < end; at += 16) {
    const v = v128.load(x + at);
    v128.store(out + at, f32x4.mul(v, share(v, exact)));
  }
  for (; at < usize(length) << 2; at += 4) {
    const v = f32x4.splat(load<f32>(x + at));
    store<f32>(out + at, f32x4.extract_lane(f32x4.mul(v, share(v, exact)), 0));
  }
}

/** The gradient by `x`: `dx = dy (Phi(x) + x Phi'(x))`. */
export function geluGradient(x: usize, dy: usize, dx: usize, length: i32, exact: bool): void {
  const end = usize(length & ~3) << 2;
  let at: usize = 0;
  for (; at < end; at += 16) {
    v128.store(dx + at, f32x4.mul(v128.load(dy + at), slope(v128.load(x + at), exact)));
  }
  for (; at < usize(length) << 2; at += 4) {
    const d = slope(f32x4.splat(load<f32>(x + at)), exact);
    store<f32>(dx + at, load<f32>(dy + at) * f32x4.extract_lane(d, 0));
  }
}

function share(x: v128, exact: bool): v128 {
  return exact ? normalShare(x) : sigmoid(inner(x));
}

function slope(x: v128, exact: bool): v128 {
  const one = f32x4.splat(1);
  if (exact) {
    // exp(-x^2 / 2) / sqrt(2 pi)
    const density = f32x4.mul(bell(x), f32x4.splat(0.3989422804014327));
    return f32x4.add(normalShare(x), f32x4.mul(x, density));
  }
  const s = sigmoid(inner(x));
  const square = f32x4.mul(x, x);
  // the derivative of 2 sqrt(2 / pi) (x + 0.044715 x^3)
  const rise = f32x4.add(f32x4.splat(1.5957691216057308), f32x4.mul(square, f32x4.splat(0.2140644488)));
  return f32x4.add(s, f32x4.mul(f32x4.mul(x, rise), f32x4.mul(s, f32x4.sub(one, s))));
}

/** `2 sqrt(2 / pi) (x + 0.044715 x^3)`: `(1 + tanh(u)) / 2` is the sigmoid of `2 u`. */
function inner(x: v128): v128 {
  const square = f32x4.mul(x, x);
  const series = f32x4.add(f32x4.splat(1.5957691216057308), f32x4.mul(square, f32x4.splat(0.07135481627)));
  return f32x4.mul(x, series);
}

function bell(x: v128): v128 {
  return exponential(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5)));
}

/** `Phi(x)` to 1e-7: Abramowitz & Stegun, "Handbook of Mathematical Functions" (1964), 7.1.26, at `|x| / sqrt(2)`. */
function normalShare(x: v128): v128 {
  const one = f32x4.splat(1);
  const z = f32x4.mul(f32x4.abs(x), f32x4.splat(f32(Math.SQRT1_2)));
  const t = f32x4.div(one, f32x4.add(one, f32x4.mul(f32x4.splat(0.3275911), z)));
  let p = f32x4.add(f32x4.mul(f32x4.splat(1.061405429), t), f32x4.splat(-1.453152027));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(1.421413741));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-0.284496736));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.254829592));
  const tail = f32x4.mul(f32x4.mul(f32x4.mul(p, t), bell(x)), f32x4.splat(0.5));
  return v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(x, f32x4.splat(0)));
}
