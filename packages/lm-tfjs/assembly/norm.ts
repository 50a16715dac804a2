/**
 * `y = w (x - c) s + b` in each row of `x` `[rows, width]`: `c` the row's mean where `centred`, else 0, `s = 1 / sqrt(mean((x - c)^2) +
 * epsilon)`. `bias` may be 0: none. Sums in float64.
 */
export function norm(
  x: usize,
  weight: usize,
  bias: usize,
  y: usize,
  rows: i32,
  width: i32,
  centred: bool,
  epsilon: f64,
): void {
  const row = usize(width) << 2;
  const vectors = usize(width & ~3) << 2;
  for (let r = 0; r < rows; r++) {
    const centre = centred ? mean(x, width) : 0;
    const scale = inverseDeviation(x, width, centre, epsilon);
    const c = f32x4.splat(f32(centre));
    const s = f32x4.splat(f32(scale));
    let at: usize = 0;
    for (; at < vectors; at += 16) {
      const normal = f32x4.mul(f32x4.sub(v128.load(x + at), c), s);
      let value = f32x4.mul(normal, v128.load(weight + at));
      if (bias) value = f32x4.add(value, v128.load(bias + at));
      v128.store(y + at, value);
    }
    for (; at < row; at += 4) {
      let value = (load<f32>(x + at) - f32(centre)) * f32(scale) * load<f32>(weight + at);
      if (bias) value += load<f32>(bias + at);
      store<f32>(y + at, value);
    }
    x += row;
    y += row;
  }
}

/**
 * The gradient of `norm` by `x` from that by `y`: with `n = (x - c) s` and `g = w dy`, `dx = s (g - n mean(g n) - mean(g))`, the last term
 * where `centred`. Where `terms` is not 0 it gets `dy n`, whose sum over the rows is the gradient by the weight.
 */
export function normGradient(
  x: usize,
  weight: usize,
  dy: usize,
  dx: usize,
  terms: usize,
  rows: i32,
  width: i32,
  centred: bool,
  epsilon: f64,
): void {
  const row = usize(width) << 2;
  const vectors = usize(width & ~3) << 2;
  for (let r = 0; r < rows; r++) {
    const centre = centred ? mean(x, width) : 0;
    const scale = inverseDeviation(x, width, centre, epsilon);
    const c = f32x4.splat(f32(centre));
    const s = f32x4.splat(f32(scale));
    let sum = f64x2.splat(0);
    let along = f64x2.splat(0);
    let at: usize = 0;
    for (; at < vectors; at += 16) {
      const normal = f32x4.mul(f32x4.sub(v128.load(x + at), c), s);
      const d = v128.load(dy + at);
      const g = f32x4.mul(d, v128.load(weight + at));
      const product = f32x4.mul(g, normal);
      sum = f64x2.add(sum, pairs(g));
      along = f64x2.add(along, pairs(product));
      if (terms) v128.store(terms + at, f32x4.mul(d, normal));
    }
    let sumOfRest: f64 = 0;
    let alongRest: f64 = 0;
    for (; at < row; at += 4) {
      const normal = (load<f32>(x + at) - f32(centre)) * f32(scale);
      const d = load<f32>(dy + at);
      const g = d * load<f32>(weight + at);
      sumOfRest += f64(g);
      alongRest += f64(g * normal);
      if (terms) store<f32>(terms + at, d * normal);
    }
    const shift = centred ? f32((total(sum) + sumOfRest) / f64(width)) : 0;
    const pull = f32((total(along) + alongRest) / f64(width));
    const m = f32x4.splat(shift);
    const p = f32x4.splat(pull);
    for (at = 0; at < vectors; at += 16) {
      const normal = f32x4.mul(f32x4.sub(v128.load(x + at), c), s);
      const g = f32x4.mul(v128.load(dy + at), v128.load(weight + at));
      const change = f32x4.sub(f32x4.sub(g, m), f32x4.mul(normal, p));
      v128.store(dx + at, f32x4.mul(change, s));
    }
    for (; at < row; at += 4) {
      const normal = (load<f32>(x + at) - f32(centre)) * f32(scale);
      const g = load<f32>(dy + at) * load<f32>(weight + at);
      store<f32>(dx + at, (g - shift - normal * pull) * f32(scale));
    }
    x += row;
    dy += row;
    dx += row;
    if (terms) terms += row;
  }
}

function mean(x: usize, width: i32): f64 {
  const vectors = usize(width & ~3) << 2;
  let sum = f64x2.splat(0);
  let at: usize = 0;
  for (; at < vectors; at += 16) sum = f64x2.add(sum, pairs(v128.load(x + at)));
  let rest: f64 = 0;
  for (; at < usize(width) << 2; at += 4) rest += f64(load<f32>(x + at));
  return (total(sum) + rest) / f64(width);
}

function inverseDeviation(x: usize, width: i32, centre: f64, epsilon: f64): f64 {
  const vectors = usize(width & ~3) << 2;
  const c = f64x2.splat(centre);
  let sum = f64x2.splat(0);
  let at: usize = 0;
  for (; at < vectors; at += 16) {
    const v = v128.load(x + at);
    const low = f64x2.sub(f64x2.promote_low_f32x4(v), c);
    const high = f64x2.sub(f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 0, 1)), c);
    sum = f64x2.add(sum, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
  }
  let rest: f64 = 0;
  for (; at < usize(width) << 2; at += 4) {
    const d = f64(load<f32>(x + at)) - centre;
    rest += d * d;
  }
  return 1 / Math.sqrt((total(sum) + rest) / f64(width) + epsilon);
}

/** The four numbers as two sums in float64. */
function pairs(x: v128): v128 {
  const high = v128.shuffle<f32>(x, x, 2, 3, 0, 1);
  return f64x2.add(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(high));
}

function total(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}
