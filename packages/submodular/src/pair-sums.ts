/** What is summed over the coordinates of a pair: `|a - b|`, `(a - b)^2` or `a b`. */
export type PairKind = "absolute" | "square" | "product";

/**
 * A sum over coordinates of two rows. Sums run in float32 on four interleaved lanes over blocks of 256
 * coordinates, and in float64 over lanes and blocks: the order of a SIMD register, so that every
 * implementation gives the same bits.
 */
export type PairSum = (x: Float32Array, a: number, b: number, cols: number) => number;

const BLOCK = 256;
const { abs, fround, min } = Math;

/** `sum_t |x[a + t] - x[b + t]|`. */
function absoluteSum(x: Float32Array, a: number, b: number, cols: number): number {
  let total = 0;
  for (let start = 0; start < cols; start += BLOCK) {
    const end = min(start + BLOCK, cols);
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    let t = start;
    for (; t + 3 < end; t += 4) {
      s0 = fround(s0 + abs(fround(x[a + t] - x[b + t])));
      s1 = fround(s1 + abs(fround(x[a + t + 1] - x[b + t + 1])));
      s2 = fround(s2 + abs(fround(x[a + t + 2] - x[b + t + 2])));
      s3 = fround(s3 + abs(fround(x[a + t + 3] - x[b + t + 3])));
    }
    if (t < end) s0 = fround(s0 + abs(fround(x[a + t] - x[b + t])));
    if (t + 1 < end) s1 = fround(s1 + abs(fround(x[a + t + 1] - x[b + t + 1])));
    if (t + 2 < end) s2 = fround(s2 + abs(fround(x[a + t + 2] - x[b + t + 2])));
    total += s0 + s1 + (s2 + s3);
  }
  return total;
}

/** `sum_t (x[a + t] - x[b + t])^2`. */
function squareSum(x: Float32Array, a: number, b: number, cols: number): number {
  let total = 0;
  for (let start = 0; start < cols; start += BLOCK) {
    const end = min(start + BLOCK, cols);
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    let t = start;
    for (; t + 3 < end; t += 4) {
      const d0 = fround(x[a + t] - x[b + t]);
      const d1 = fround(x[a + t + 1] - x[b + t + 1]);
      const d2 = fround(x[a + t + 2] - x[b + t + 2]);
      const d3 = fround(x[a + t + 3] - x[b + t + 3]);
      s0 = fround(s0 + fround(d0 * d0));
      s1 = fround(s1 + fround(d1 * d1));
      s2 = fround(s2 + fround(d2 * d2));
      s3 = fround(s3 + fround(d3 * d3));
    }
    for (; t < end; t++) {
      const d = fround(x[a + t] - x[b + t]);
      if (t % 4 === 0) s0 = fround(s0 + fround(d * d));
      else if (t % 4 === 1) s1 = fround(s1 + fround(d * d));
      else s2 = fround(s2 + fround(d * d));
    }
    total += s0 + s1 + (s2 + s3);
  }
  return total;
}

/** `sum_t x[a + t] x[b + t]`. */
function productSum(x: Float32Array, a: number, b: number, cols: number): number {
  let total = 0;
  for (let start = 0; start < cols; start += BLOCK) {
    const end = min(start + BLOCK, cols);
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    let t = start;
    for (; t + 3 < end; t += 4) {
      s0 = fround(s0 + fround(x[a + t] * x[b + t]));
      s1 = fround(s1 + fround(x[a + t + 1] * x[b + t + 1]));
      s2 = fround(s2 + fround(x[a + t + 2] * x[b + t + 2]));
      s3 = fround(s3 + fround(x[a + t + 3] * x[b + t + 3]));
    }
    if (t < end) s0 = fround(s0 + fround(x[a + t] * x[b + t]));
    if (t + 1 < end) s1 = fround(s1 + fround(x[a + t + 1] * x[b + t + 1]));
    if (t + 2 < end) s2 = fround(s2 + fround(x[a + t + 2] * x[b + t + 2]));
    total += s0 + s1 + (s2 + s3);
  }
  return total;
}

/** The sum of each kind. */
export const pairSums: Readonly<Record<PairKind, PairSum>> = {
  absolute: absoluteSum,
  square: squareSum,
  product: productSum,
};
