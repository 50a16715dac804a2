import { type Matrix, matrix, requireChoice, requireFloat32, requireOptions } from "@colm/array";
import { compare } from "./compare.ts";
import { withTiles } from "./pair-tiles.ts";
import { readPoints, reporter, type SimilarityOptions } from "./similarity.ts";

/** Settings of {@link distances}. */
export interface DistanceOptions extends Pick<SimilarityOptions, "signal" | "onProgress"> {
  /** How two points are compared. */
  readonly metric: "l1" | "l2";
}

/**
 * Distances of all pairs of points: `sum_k |a_k - b_k|` (`l1`) or `sqrt(sum_k (a_k - b_k)^2)` (`l2`).
 *
 * @param points - `[n, d]`, any unit, any strides. Entries are read as float32. Not kept.
 * @param options - The metric.
 * @returns `[n, n]`, float32, row-major, symmetric, zero on the diagonal. Fresh, owned by the caller.
 * @throws {TypeError} If `points` is no matrix.
 * @throws {RangeError} If an entry is not finite in float32, the metric does not exist, or a result is too large for float32.
 * @remarks What `similarity` turns round, with the same bits and the same cost.
 * @example
 * const points = matrix(Float32Array.of(0, 0, 3, 4), 2, 2);
 * distances(points, { metric: "l2" }).get(0, 1); // => 5
 */
export function distances(points: Matrix, options: DistanceOptions): Matrix {
  requireFloat32("distances", "points", points);
  requireOptions("distances", options);
  const { metric, signal, onProgress } = options;
  requireChoice("distances", "metric", metric, ["l1", "l2"]);
  const own = readPoints(points);
  const out = new Float32Array(own.rows * own.rows);
  withTiles("distances", own, metric, (tiles) =>
    compare("distances", out, own.rows, metric, tiles, reporter(own.rows, signal, onProgress), "distances"),
  );
  return matrix(out, own.rows, own.rows);
}
