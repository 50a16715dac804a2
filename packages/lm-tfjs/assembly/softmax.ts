import { exponential, horizontalMax, horizontalSum } from "./exponential";
import { multiplyAdd } from "./multiply-add";

/** `x[j] = softmax(scale x)[j]` over the entries `start .. seen - 1`, 0 elsewhere up to `width`, a multiple of 4. */
export function softmax(x: usize, start: i32, seen: i32, width: i32, scale: f32): void {
  const end = x + (usize(width) << 2);
  const begin = x + (usize(start) << 2);
  for (let at = x; at < begin; at += 4) store<f32>(at, -Infinity);
  for (let at = x + (usize(seen) << 2); at < end; at += 4) store<f32>(at, -Infinity);
  let top = f32x4.splat(-Infinity);
  for (let at = x; at < end; at += 16) top = f32x4.pmax(top, v128.load(at));
  const factor = f32x4.splat(scale);
  const shift = f32x4.splat(horizontalMax(top) * scale);
  let sum = f32x4.splat(0);
  for (let at = x; at < end; at += 16) {
    const e = exponential(f32x4.sub(f32x4.mul(v128.load(at), factor), shift));
    v128.store(at, e);
    sum = f32x4.add(sum, e);
  }
  // what is not seen went in as exp(-87), below the last bit of a sum of at least 1
  const inverse = f32x4.splat(1 / horizontalSum(sum));
  for (let at = x; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), inverse));
  for (let at = x; at < begin; at += 4) store<f32>(at, 0);
  for (let at = x + (usize(seen) << 2); at < end; at += 4) store<f32>(at, 0);
}

/** `ds = scale p (dp - sum(p dp))`, in the place of `dp`. */
export function scoreGradient(p: usize, dp: usize, width: i32, scale: f32): void {
  const bytes = usize(width) << 2;
  let along = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    along = multiplyAdd(v128.load(p + at), v128.load(dp + at), along);
  }
  const mean = f32x4.splat(horizontalSum(along));
  const factor = f32x4.splat(scale);
  for (let at: usize = 0; at < bytes; at += 16) {
    const change = f32x4.sub(v128.load(dp + at), mean);
    v128.store(dp + at, f32x4.mul(f32x4.mul(v128.load(p + at), change), factor));
  }
}
