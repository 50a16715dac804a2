import {
  float32Rows,
  type Matrix,
  matrix,
  requireFloat32,
  requireOptions,
  requirePositive,
  type SparseMatrix,
} from "@colm/array";
import type { Abort } from "./abort.ts";
import { compare } from "./compare.ts";
import { type Metric, requireMetric } from "./metric.ts";
import { nearest } from "./nearest.ts";
import { withTiles } from "./pair-tiles.ts";
import type { Points } from "./tiles.ts";

/** Settings of {@link similarity}. */
export interface SimilarityOptions {
  /** How two points are compared. */
  readonly metric: Metric;
  /**
   * Keep only this many most similar points of each, before `max(D) - D` is rounded; an integer in `[1, n]`. All by default.
   * A point is its own neighbour unless others are as similar and come first, or under `"dot"` more similar.
   */
  readonly neighbours?: number;
  /** Looked at every few rows; when aborted its reason is thrown. */
  readonly signal?: Abort;
  /** Told every few rows how many are done. */
  readonly onProgress?: (done: number, rows: number) => void;
}

/**
 * Similarities of all pairs of points: `max(D) - D` of their L1 or L2 distances `D`, their cosines, or their
 * scalar products.
 *
 * @param points - `[n, d]`, any unit, any strides. Entries are read as float32. Not kept.
 * @param options - The metric, and how many neighbours to keep.
 * @returns `[n, n]`, float32, row-major, symmetric; or, with `neighbours`, a sparse matrix with as many entries in
 * each row (not symmetric), of points equally near those of lower index. Fresh, owned by the caller.
 * @throws {TypeError} If an argument is of the wrong kind.
 * @throws {RangeError} If an entry is not finite in float32, the metric does not exist, a point of length 0 is to be
 * compared by its angle, `neighbours` is out of range, or a result is too large for float32.
 * @remarks O(n^2 d / 2) time, twice that with `neighbours`, which holds `O(n neighbours)` numbers instead of n^2.
 * `max(D)` is that of all pairs in both. Under `"l2"` and `"dot"` products below `2^-149` vanish. Sums run in float32 within blocks of 256 coordinates and in float64 across
 * them; with WebAssembly SIMD or without it the bits are the same.
 * @example
 * const points = matrix(Float32Array.of(0, 0, 1, 0, 3, 0), 3, 2);
 * similarity(points, { metric: "l1" }).get(0, 1); // => 2
 * similarity(points, { metric: "l1", neighbours: 2 }).columns; // => Int32Array [0, 1, 0, 1, 1, 2]
 */
export function similarity(
  points: Matrix,
  options: SimilarityOptions & { readonly neighbours: number },
): SparseMatrix;
export function similarity(
  points: Matrix,
  options: SimilarityOptions & { readonly neighbours?: undefined },
): Matrix;
export function similarity(points: Matrix, options: SimilarityOptions): Matrix | SparseMatrix;
export function similarity(points: Matrix, options: SimilarityOptions): Matrix | SparseMatrix {
  const caller = "similarity";
  requireFloat32(caller, "points", points);
  requireOptions(caller, options);
  const { metric, neighbours, signal, onProgress } = options;
  requireMetric(caller, metric);
  const own = readPoints(points);
  const report = reporter(own.rows, signal, onProgress);
  signal?.throwIfAborted();
  if (neighbours !== undefined) {
    requirePositive(caller, "neighbours", neighbours, own.rows);
    return withTiles(caller, own, metric, (tiles) =>
      nearest(caller, own.rows, metric, neighbours, tiles, report),
    );
  }
  const out = new Float32Array(own.rows * own.rows);
  withTiles(caller, own, metric, (tiles) => compare(caller, out, own.rows, metric, tiles, report));
  return matrix(out, own.rows, own.rows);
}

/** Looks at a signal and tells of progress. */
export function reporter(
  rows: number,
  signal?: Abort,
  onProgress?: (done: number, rows: number) => void,
): (done: number) => void {
  return (done) => {
    signal?.throwIfAborted();
    onProgress?.(done, rows);
  };
}

/** The rows of a checked matrix as float32. */
export function readPoints(points: Matrix): Points {
  const [rows, cols] = points.shape;
  return { x: float32Rows(points), rows, cols };
}
