import { type Matrix, requireMatrix, requireNatural, requireOptions, rowMajor } from "@colm/array";
import { type DistanceMetric, requireMetric } from "./pairwise.ts";
import { requireFloat32 } from "./require-float32.ts";
import { requireFloat32Vector } from "./require-float32-vector.ts";
import type { Sums } from "./sums.ts";
import { unitRows } from "./unit-rows.ts";

/** Points chosen one after the other as representatives. */
export interface Medoids {
  /** In the order of their choice. */
  readonly indices: Int32Array;
  /** `gains[t]`: by how much facility location grew with `indices[t]`. */
  readonly gains: Float32Array;
}

/** Points chosen one after the other for their mean. */
export interface Herded {
  /** In the order of their choice. */
  readonly indices: Int32Array;
  /** `scores[t]`: the squared distance of the mean of the first t + 1 from the target. */
  readonly scores: Float32Array;
}

/** Settings of `selectMedoids`. */
export interface MedoidOptions {
  /** How many points to choose, at most n. */
  readonly count: number;
  /** How two points are compared. */
  readonly metric: DistanceMetric;
}

/** Settings of `herding`. */
export interface HerdingOptions {
  /** How many points to choose, at most n. */
  readonly count: number;
  /** Weights w of the target mean `sum_i w_i x_i`, `[n]`; `1 / n` each when absent. */
  readonly target?: ArrayLike<number>;
}

/** `selectMedoids` on one back end. */
export function createSelectMedoids(
  sums: Sums,
): (points: Matrix, options: MedoidOptions) => Promise<Medoids> {
  return async (points, options) => {
    requireMatrix("selectMedoids", "points", points);
    requireOptions("selectMedoids", options);
    const { count, metric } = options;
    const [size, cols] = points.shape;
    requireNatural("selectMedoids", "count", count, size);
    requireMetric("selectMedoids", metric);
    const raw = rowMajor(points);
    const x = metric === "cosine" ? unitRows("selectMedoids", raw, size, cols) : raw;
    if (count === 0) return { indices: new Int32Array(0), gains: new Float32Array(0) };
    const out = await sums.greedy({ rule: "medoids", x, size, cols, count, metric });
    const gains = out.slice(count);
    requireFloat32("selectMedoids", "points", gains, 1);
    return { indices: Int32Array.from(out.subarray(0, count)), gains };
  };
}

/** `herding` on one back end. */
export function createHerding(sums: Sums): (points: Matrix, options: HerdingOptions) => Promise<Herded> {
  return async (points, options) => {
    requireMatrix("herding", "points", points);
    requireOptions("herding", options);
    const { count, target } = options;
    const [size, cols] = points.shape;
    requireNatural("herding", "count", count, size);
    if (target !== undefined) requireFloat32Vector("herding", "target", target, size);
    if (count === 0) return { indices: new Int32Array(0), scores: new Float32Array(0) };
    const weights = target === undefined ? new Float64Array(size).fill(1 / size) : Float64Array.from(target);
    const x = rowMajor(points);
    const out = await sums.greedy({ rule: "herding", x, size, cols, count, target: weights });
    const scores = out.slice(count);
    requireFloat32("herding", "points", scores, 1);
    return { indices: Int32Array.from(out.subarray(0, count)), scores };
  };
}
