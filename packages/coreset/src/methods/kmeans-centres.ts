import { matrix } from "@colm/array";
import { clusterSources } from "@colm/source-balance";
import type { SubsetMethod, SubsetProblem } from "../subset-problem.ts";
import { withinFloat32 } from "../within-powers.ts";

/** Most iterations: the centres only name rows, which settle early. */
const ITERATIONS = 25;

/**
 * k-means centres: `b` clusters of the candidates, `min sum_i |x_i - centre(i)|^2`, and of each the row nearest to its centre.
 *
 * Lloyd (1982) from one k-means++ start (Arthur & Vassilvitskii 2007), as a diversity baseline in Sener & Savarese, "Active
 * learning for convolutional neural networks" (ICLR 2018). With fewer different rows than `b` the rest follows in pool order.
 * O(n b d) an iteration.
 */
export const kmeansCentres: SubsetMethod = {
  metric: "l2",
  weighting: "uniform",
  draws: true,
  comparesPairs: false,
  ignoresShift: false,
  choose: nearestToCentres,
};

function nearestToCentres({ features, candidates, count, seed }: SubsetProblem): Int32Array {
  const { data, shape, stride, offset } = withinFloat32(features);
  const cols = shape[1];
  const own = new Float32Array(candidates.length * cols);
  candidates.forEach((row, i) => {
    for (let j = 0, at = offset + row * stride[0]; j < cols; j++, at += stride[1])
      own[i * cols + j] = data[at];
  });
  const rows = Array.from(candidates, (_, i) => own.subarray(i * cols, (i + 1) * cols).join());
  const different = new Set(rows).size;
  const { labels, centroids } = clusterSources(matrix(own, candidates.length, cols), {
    clusters: Math.min(count, different),
    seed,
    starts: 1,
    iterations: ITERATIONS,
  });
  const nearest = new Map<number, { i: number; distance: number }>();
  labels.forEach((label, i) => {
    let distance = 0;
    for (let j = 0; j < cols; j++) distance += (own[i * cols + j] - centroids.data[label * cols + j]) ** 2;
    const best = nearest.get(label);
    if (best === undefined || distance < best.distance) nearest.set(label, { i, distance });
  });
  const chosen = new Set(Array.from(nearest.values(), ({ i }) => i));
  for (let i = 0; chosen.size < count; i++) chosen.add(i);
  return Int32Array.from(chosen, (i) => candidates[i]);
}
