import {
  type Matrix,
  matrix,
  permutation,
  requireMatrix,
  requireNatural,
  requireOptions,
  requirePositive,
  requireVector,
  rowMajor,
} from "@colm/array";
import { farExponent, scaled } from "./far-exponent.ts";
import { kMeans, type Partition, type Rows, squaredDistance } from "./k-means.ts";
import { silhouette } from "./silhouette.ts";

/** Settings of {@link clusterSources}. */
export interface ClusterOptions {
  /** Number of sources, at least 1, or `"auto"`: the number in `[2, maxClusters]` of the largest mean silhouette. */
  readonly clusters: number | "auto";
  /** Integer in [0, 2^53). */
  readonly seed: number;
  /** Largest number that `"auto"` tries; default 12, and never more than there are different rows. */
  readonly maxClusters?: number;
  /** Independent starts, of which the partition of least inertia is kept; default 8. */
  readonly starts?: number;
  /** Most iterations of one start; default 100. */
  readonly iterations?: number;
}

/** Clusters that stand in for sources. */
export interface ClusteredSources {
  /** Source of each row, numbered in the order in which they first appear. */
  readonly labels: Int32Array;
  /** `[clusters, d]`, float64. */
  readonly centroids: Matrix;
  /** Sum of the squared distances of the rows to their centroids; 0 or Infinity where float64 holds no such number. */
  readonly inertia: number;
  /** Mean silhouette in [-1, 1] on at most 1,024 of the rows; 0 for one cluster. */
  readonly silhouette: number;
  /**
   * The source of a row that was not there: the nearest centroid. A row that was gets its label, also where centroids are equally
   * near.
   */
  assign(row: ArrayLike<number>): number;
}

const SILHOUETTE_ROWS = 1024;
const SAMPLE_STREAM = 2 ** 32 - 1;

/**
 * Sources for examples without labels: k-means, `min sum_i |x_i - centroid(label_i)|^2`, on features such as hidden states.
 *
 * @param features - `[n, d]`, one row per example, any strides. Read only.
 * @param options - `clusters` and `seed` are required. `clusters: "auto"` takes the number of the largest mean
 *   silhouette (1 when all rows are equal).
 * @returns Labels, centroids and `assign` for new rows; all fresh. The same seed gives the same result.
 * @throws {TypeError | RangeError} If an argument is of the wrong kind or range, or `clusters` is above the number of
 *   different rows.
 * @remarks Arthur & Vassilvitskii, "k-means++: The Advantages of Careful Seeding" (2007); Lloyd (1982); silhouettes after
 *   Rousseeuw (1987), on a seeded sample of 1,024 rows where there are more. One start takes O(n clusters d) an iteration, a
 *   silhouette O(1,024^2 d). Scale the features beforehand if their coordinates differ in unit.
 * @example
 * const hidden = matrix(Float32Array.of(0, 0, 9, 9, 0, 1, 9, 8), 4, 2);
 * const sources = clusterSources(hidden, { clusters: "auto", seed: 1 });
 * sources.labels; // => [0, 1, 0, 1]
 * sources.assign([8, 8]); // => 1
 */
export function clusterSources(features: Matrix, options: ClusterOptions): ClusteredSources {
  requireOptions("clusterSources", options);
  const { clusters, seed, maxClusters = 12, starts = 8, iterations = 100 } = options;
  requireMatrix("clusterSources", "features", features);
  requireNatural("clusterSources", "seed", seed);
  requirePositive("clusterSources", "maxClusters", maxClusters, 2 ** 31 - 1);
  requirePositive("clusterSources", "starts", starts, 2 ** 31 - 1);
  requirePositive("clusterSources", "iterations", iterations, 2 ** 31 - 1);
  const [count, dimension] = features.shape;
  if (count === 0 || dimension === 0) {
    throw new RangeError(
      `clusterSources: "features" must have rows and columns, got ${count} x ${dimension}`,
    );
  }
  const exponent = farExponent(features);
  const rows: Rows = { data: scaled(rowMajor(features), -exponent), count, dimension };
  const most = clusters === "auto" ? maxClusters : clusters;
  requirePositive("clusterSources", "clusters", most, 2 ** 31 - 1);
  const different = countDifferent(rows, most);
  const sample = permutation(count, { seed, stream: SAMPLE_STREAM }).subarray(0, SILHOUETTE_ROWS);
  const solve = (k: number): Scored => {
    let best = kMeans(rows, k, iterations, seed, 0);
    for (let start = 1; start < starts && k > 1; start++) {
      const other = kMeans(rows, k, iterations, seed, start);
      if (other.inertia < best.inertia) best = other;
    }
    return { ...best, silhouette: k === 1 ? 0 : silhouette(rows, best.labels, k, sample) };
  };
  if (clusters !== "auto") {
    if (clusters > different) {
      throw new RangeError(
        `clusterSources: "clusters" must be at most the ${different} different rows of "features", got ${clusters}`,
      );
    }
    return result(solve(clusters), dimension, exponent);
  }
  let best = solve(Math.min(2, different));
  for (let k = 3; k <= different; k++) {
    const other = solve(k);
    if (other.silhouette > best.silhouette) best = other;
  }
  return result(best, dimension, exponent);
}

interface Scored extends Partition {
  readonly silhouette: number;
}

/** Numbers the clusters in order of appearance, undoes the scale, and closes `assign` over the centroids. */
function result(solved: Scored, dimension: number, exponent: number): ClusteredSources {
  const order = [...new Set(solved.labels)];
  const centroids = new Float64Array(order.length * dimension);
  order.forEach((from, to) => {
    centroids.set(solved.centroids.subarray(from * dimension, (from + 1) * dimension), to * dimension);
  });
  const renumbered = new Map(order.map((from, to) => [from, to]));
  const labels = solved.labels.map((label) => renumbered.get(label) ?? label);
  const assign = (row: ArrayLike<number>): number => {
    requireVector("assign", "row", row, dimension);
    const one: Rows = { data: scaled(Float64Array.from(row), -exponent), count: 1, dimension };
    let nearest = 0;
    let least = Number.POSITIVE_INFINITY;
    // in the order in which the rows were labelled, which decides between equals
    for (const from of order.toSorted((a, b) => a - b)) {
      const distance = squaredDistance(one, 0, solved.centroids, from);
      if (distance < least) {
        least = distance;
        nearest = renumbered.get(from) ?? from;
      }
    }
    return nearest;
  };
  return {
    labels,
    centroids: matrix(scaled(centroids, exponent), order.length, dimension),
    inertia: solved.inertia * 2 ** exponent * 2 ** exponent,
    silhouette: solved.silhouette,
    assign,
  };
}

/** The number of different rows, counted up to `limit`. */
function countDifferent({ data, count, dimension }: Rows, limit: number): number {
  const seen = new Set<string>();
  for (let i = 0; i < count && seen.size < limit; i++)
    seen.add(data.subarray(i * dimension, (i + 1) * dimension).join());
  return seen.size;
}
