import { sigmoid } from "./exponential";

/** `out = gate sigmoid(gate) up`, `length` entries. */
export function swiglu(gate: usize, up: usize, out: usize, length: i32): void {
  const end = usize(length & ~3) << 2;
  let at: usize = 0;
  for (; at < end; at += 16) {
    const g = v128.load(gate + at);
    v128.store(out + at, f32x4.mul(f32x4.mul(g, sigmoid(g)), v128.load(up + at)));
  }
  for (; at < usize(length) << 2; at += 4) {
    const g = f32x4.splat(load<f32>(gate + at));
    store<f32>(out + at, f32x4.extract_lane(f32x4.mul(g, sigmoid(g)), 0) * load<f32>(up + at));
  }
}

/**
 * Gradients by gate and up: `dup = dy silu`, `dgate = dy up (sigmoid (1 - silu) + silu)`, `silu = gate sigmoid(gate)`; and `out`, what
 * `swiglu` gives.
 */
export function swigluGradient(
  gate: usize,
  up: usize,
  dy: usize,
  dgate: usize,
  dup: usize,
  out: usize,
  length: i32,
): void {
  const one = f32x4.splat(1);
  const end = usize(length & ~3) << 2;
  let at: usize = 0;
  for (; at < end; at += 16) {
    const g = v128.load(gate + at);
    const u = v128.load(up + at);
    const d = v128.load(dy + at);
    const s = sigmoid(g);
    const silu = f32x4.mul(g, s);
    const slope = f32x4.add(f32x4.mul(s, f32x4.sub(one, silu)), silu);
    v128.store(out + at, f32x4.mul(silu, u));
    v128.store(dup + at, f32x4.mul(d, silu));
    v128.store(dgate + at, f32x4.mul(f32x4.mul(d, u), slope));
  }
  for (; at < usize(length) << 2; at += 4) {
    const g = load<f32>(gate + at);
    const u = load<f32>(up + at);
    const d = load<f32>(dy + at);
    const s = f32x4.extract_lane(sigmoid(f32x4.splat(g)), 0);
    const silu = g * s;
    store<f32>(out + at, silu * u);
    store<f32>(dup + at, d * silu);
    store<f32>(dgate + at, d * u * (s * (1 - silu) + silu));
  }
}
