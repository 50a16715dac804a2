import type { Metric } from "./metric.ts";

const BLOCK = 256;
const { abs, fround } = Math;

const terms: Readonly<Record<Metric, (u: number, v: number) => number>> = {
  l1: (u, v) => abs(u - v),
  l2: (u, v) => fround(u - v) ** 2,
  cosine: (u, v) => u * v,
  dot: (u, v) => u * v,
};

/**
 * The sum over `cols` coordinates of two rows of `x`, which start at `a` and `b`, of what a metric sums: `|a - b|`,
 * `(a - b)^2` or `a b`. It runs in float32 on four interleaved lanes over blocks of 256 coordinates, and in float64 over
 * lanes and blocks: the order of a SIMD register, so that every implementation gives the same bits.
 */
export function pairSum(metric: Metric): (x: Float32Array, a: number, b: number, cols: number) => number {
  const term = terms[metric];
  const lanes = new Float32Array(4);
  return (x, a, b, cols) => {
    let total = 0;
    for (let start = 0; start < cols; start += BLOCK) {
      const end = Math.min(start + BLOCK, cols);
      lanes.fill(0);
      for (let t = start; t < end; t++) lanes[t & 3] += fround(term(x[a + t], x[b + t]));
      total += lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
    }
    return total;
  };
}
