import { describe, type Matrix, matrix, requireMatrix, rowMajor } from "@colm/array";
import { requireFloat32 } from "./require-float32.ts";
import type { Sums } from "./sums.ts";
import { unitRows } from "./unit-rows.ts";

/** A distance between two points: L1, L2, or one minus the cosine of their angle. */
export type DistanceMetric = "l1" | "l2" | "cosine";

const metrics: readonly unknown[] = ["l1", "l2", "cosine"];

/** `pairwise` on one back end. */
export function createPairwise(sums: Sums): (points: Matrix, metric: DistanceMetric) => Promise<Matrix> {
  return async (points, metric) => {
    requireMatrix("pairwise", "points", points);
    requireMetric("pairwise", metric);
    const [size, cols] = points.shape;
    // 1 - cos = |a - b|^2 / 2 for unit vectors, which loses no digits where a and b are close
    const x = metric === "cosine" ? unitRows("pairwise", rowMajor(points), size, cols) : rowMajor(points);
    const out = await sums.pairs(metric === "l1" ? "absolute" : "squared", x, size, cols);
    requireFloat32("pairwise", "points", out, size);
    if (metric === "l2") for (let p = 0; p < out.length; p++) out[p] = Math.sqrt(out[p]);
    if (metric === "cosine") for (let p = 0; p < out.length; p++) out[p] /= 2;
    return matrix(out, size, size);
  };
}

/** Requires one of the metrics. */
export function requireMetric(caller: string, metric: unknown): asserts metric is DistanceMetric {
  if (!metrics.includes(metric)) {
    throw new RangeError(`${caller}: "metric" must be "l1", "l2" or "cosine", got ${describe(metric)}`);
  }
}
