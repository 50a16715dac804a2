import { exponential, horizontalMax, horizontalSum } from "./exponential";

/** Vectors that are summed in float32 before they go into a sum in float64. */
const RUN = 64;

/**
 * For each row z of `logits` `[rows, width]` with target t: `gaps = max z - z_t` and `sums = sum_j exp(z_j - max z)`, so that the
 * cross-entropy is `gap + log(sum)`. Where `replace` is true the row becomes its softmax.
 */
export function crossEntropy(
  logits: usize,
  targets: usize,
  gaps: usize,
  sums: usize,
  rows: i32,
  width: i32,
  replace: bool,
): void {
  for (let r = 0; r < rows; r++) {
    const top = largest(logits, width);
    const target = load<f32>(logits + (usize(load<i32>(targets)) << 2));
    const sum = exponentials(logits, width, top, replace);
    store<f32>(gaps, top - target);
    store<f32>(sums, f32(sum));
    if (replace) scale(logits, width, f32(1 / sum));
    logits += usize(width) << 2;
    targets += 4;
    gaps += 4;
    sums += 4;
  }
}

function largest(x: usize, width: i32): f32 {
  const vectors = x + (usize(width & ~3) << 2);
  const end = x + (usize(width) << 2);
  let best = f32x4.splat(-Infinity);
  for (; x < vectors; x += 16) best = f32x4.pmax(best, v128.load(x));
  let top = horizontalMax(best);
  for (; x < end; x += 4) top = max(top, load<f32>(x));
  return top;
}

function exponentials(x: usize, width: i32, top: f32, replace: bool): f64 {
  const vectors = x + (usize(width & ~3) << 2);
  const end = x + (usize(width) << 2);
  const shift = f32x4.splat(top);
  let sum: f64 = 0;
  while (x < vectors) {
    const stop = min(vectors, x + (RUN << 4));
    let part = f32x4.splat(0);
    for (; x < stop; x += 16) {
      const e = exponential(f32x4.sub(v128.load(x), shift));
      if (replace) v128.store(x, e);
      part = f32x4.add(part, e);
    }
    sum += f64(horizontalSum(part));
  }
  for (; x < end; x += 4) {
    const e = f32x4.extract_lane(exponential(f32x4.splat(load<f32>(x) - top)), 0);
    if (replace) store<f32>(x, e);
    sum += f64(e);
  }
  return sum;
}

function scale(x: usize, width: i32, factor: f32): void {
  const vectors = x + (usize(width & ~3) << 2);
  const end = x + (usize(width) << 2);
  const f = f32x4.splat(factor);
  for (; x < vectors; x += 16) v128.store(x, f32x4.mul(v128.load(x), f));
  for (; x < end; x += 4) store<f32>(x, load<f32>(x) * factor);
}
