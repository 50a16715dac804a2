import { describe, type Matrix, matrix, requireMatrix, rowMajor } from "@colm/array";
import { blockedRows } from "./blocked-rows.ts";
import { absoluteDifferences, squaredDifferences } from "./difference-kernels.ts";
import type { GpuAdapter, TableKernel } from "./gpu-adapter.ts";
import { unitRows } from "./unit-rows.ts";

/** A distance between two points: L1, L2, or one minus the cosine of their angle. */
export type DistanceMetric = "l1" | "l2" | "cosine";

const metrics: readonly unknown[] = ["l1", "l2", "cosine"];

/** `pairwise` on one GPU; each of its kernels is compiled when it is first needed. */
export function createPairwise(gpu: GpuAdapter): (points: Matrix, metric: DistanceMetric) => Promise<Matrix> {
  const kernels = new Map<string, TableKernel>();
  const compiled = (source: string): TableKernel => {
    const kernel = kernels.get(source) ?? gpu.compile(source, ["blocks", "width"]);
    kernels.set(source, kernel);
    return kernel;
  };
  return async (points, metric) => {
    requireMatrix("pairwise", "points", points);
    requireMetric(metric);
    const [size, cols] = points.shape;
    // 1 - cos = |a - b|^2 / 2 for unit vectors, which loses no digits where a and b are close
    const x = metric === "cosine" ? unitRows("pairwise", rowMajor(points), size, cols) : rowMajor(points);
    const out = new Float32Array(size * size);
    if (out.length === 0) return matrix(out, size, size);
    const { rows, blocks, width } = blockedRows(x, size, cols);
    const kernel = compiled(metric === "l1" ? absoluteDifferences : squaredDifferences);
    const table = await kernel.run(rows, size, blocks, width);
    for (let i = 0; i < size; i++) out.set(table[i], i * size);
    requireRange(out, size);
    if (metric === "l2") for (let p = 0; p < out.length; p++) out[p] = Math.sqrt(out[p]);
    if (metric === "cosine") for (let p = 0; p < out.length; p++) out[p] /= 2;
    return matrix(out, size, size);
  };
}

function requireMetric(metric: unknown): asserts metric is DistanceMetric {
  if (!metrics.includes(metric)) {
    throw new RangeError(`pairwise: "metric" must be "l1", "l2" or "cosine", got ${describe(metric)}`);
  }
}

function requireRange(out: Float32Array, size: number): void {
  const p = out.findIndex((value) => value - value !== 0);
  if (p < 0) return;
  const [i, j] = [Math.floor(p / size), p % size];
  throw new RangeError(
    `pairwise: "points" must give sums within float32, got ${out[p]} at [${i}, ${j}]; scale them down`,
  );
}
