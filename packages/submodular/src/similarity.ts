import { type Matrix, matrix, requireMatrix, rowMajor } from "@colm/array";
import { type Metric, requireMetric } from "./metric.ts";
import { absoluteSum, pairwise, productSum, squareSum } from "./pairwise.ts";

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
 * @remarks O(n^2 d / 2) time. Sums run in float32 within blocks of 256 coordinates and in float64 across them.
 * @example
 * const points = matrix(Float32Array.of(0, 0, 1, 0, 3, 0), 3, 2);
 * similarity(points, { metric: "l1" }).get(0, 1); // => 2
 */
export function similarity(points: Matrix, options: SimilarityOptions): Matrix {
  requireMatrix("similarity", "points", points);
  requireMetric("similarity", options.metric);
  const [rows, cols] = points.shape;
  const x = Float32Array.from(rowMajor(points));
  const out = new Float32Array(rows * rows);
  compare("similarity", out, x, rows, cols, options.metric);
  return matrix(out, rows, rows);
}

/** Writes the similarities of the rows of `x` to the `[rows, rows]` matrix `out`. */
export function compare(
  caller: string,
  out: Float32Array,
  x: Float32Array,
  rows: number,
  cols: number,
  metric: Metric,
): void {
  if (metric === "l1") pairwise(out, x, rows, cols, absoluteSum);
  else if (metric === "l2") pairwise(out, x, rows, cols, squareSum);
  else pairwise(out, x, rows, cols, productSum);
  requireRange(caller, out, rows);
  if (metric === "cosine") divideByLengths(caller, out, rows);
  if (metric === "l2") for (let p = 0; p < out.length; p++) out[p] = Math.sqrt(out[p]);
  if (metric === "l1" || metric === "l2") reverse(out);
}

/** `max(D) - D`, in place: the closest pairs become the largest entries. */
function reverse(out: Float32Array): void {
  let top = 0;
  for (let p = 0; p < out.length; p++) if (out[p] > top) top = out[p];
  for (let p = 0; p < out.length; p++) out[p] = top - out[p];
}

function divideByLengths(caller: string, out: Float32Array, rows: number): void {
  const lengths = Float64Array.from({ length: rows }, (_, i) => Math.sqrt(out[i * rows + i]));
  const zero = lengths.indexOf(0);
  if (zero >= 0) {
    throw new RangeError(`${caller}: "points" must have no zero row under "cosine", got one at ${zero}`);
  }
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++) out[i * rows + j] /= lengths[i] * lengths[j];
  }
}

function requireRange(caller: string, out: Float32Array, rows: number): void {
  const p = out.findIndex((value) => value - value !== 0);
  if (p < 0) return;
  const [i, j] = [Math.floor(p / rows), p % rows];
  throw new RangeError(
    `${caller}: "points" must give sums within float32, got ${out[p]} at [${i}, ${j}]; scale them down`,
  );
}
