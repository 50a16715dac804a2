import { type Matrix, matrix, requireMatrix, rowMajor } from "@colm/array";
import { compare, kindOf } from "./compare.ts";
import { type Metric, requireMetric } from "./metric.ts";
import { withTiles } from "./pair-tiles.ts";
import type { Points } from "./tiles.ts";

/** Settings of {@link similarity}. */
export interface SimilarityOptions {
  /** How two points are compared. */
  readonly metric: Metric;
}

/**
 * Similarities of all pairs of points: `max(D) - D` of their L1 or L2 distances `D`, their cosines, or their
 * scalar products.
 *
 * @param points - `[n, d]`, any unit, any strides. Entries are read as float32. Not kept.
 * @param options - The metric.
 * @returns `[n, n]`, float32, row-major, symmetric; fresh, owned by the caller.
 * @throws {TypeError} If `points` is no matrix.
 * @throws {RangeError} If an entry is not finite, the metric does not exist, a point of length 0 is to be
 * compared by its angle, or a result is too large for float32.
 * @remarks O(n^2 d / 2) time. Sums run in float32 within blocks of 256 coordinates and in float64 across them; with
 * WebAssembly SIMD or without it the bits are the same.
 * @example
 * const points = matrix(Float32Array.of(0, 0, 1, 0, 3, 0), 3, 2);
 * similarity(points, { metric: "l1" }).get(0, 1); // => 2
 */
export function similarity(points: Matrix, options: SimilarityOptions): Matrix {
  requireMatrix("similarity", "points", points);
  requireMetric("similarity", options.metric);
  const own = readPoints(points);
  const out = new Float32Array(own.rows * own.rows);
  withTiles(own, kindOf[options.metric], (tiles) => compare("similarity", out, own, options.metric, tiles));
  return matrix(out, own.rows, own.rows);
}

/** The rows of a checked matrix as float32. */
export function readPoints(points: Matrix): Points {
  const entries = rowMajor(points);
  const [rows, cols] = points.shape;
  return { x: entries instanceof Float32Array ? entries : Float32Array.from(entries), rows, cols };
}
