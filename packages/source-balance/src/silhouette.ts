import { type Rows, squaredDistance } from "./k-means.ts";

/**
 * Mean silhouette of the rows in `sample`: `(b - a) / max(a, b)` with `a` the mean distance of a row to its own cluster and
 * `b` to the nearest other one, 0 for a row alone in its cluster. Rousseeuw (1987). Distances within the sample only.
 */
export function silhouette(rows: Rows, labels: Int32Array, k: number, sample: ArrayLike<number>): number {
  const sizes = new Int32Array(k);
  for (let s = 0; s < sample.length; s++) sizes[labels[sample[s]]]++;
  const sums = new Float64Array(k);
  let mean = 0;
  for (let s = 0; s < sample.length; s++) {
    const row = sample[s];
    const own = labels[row];
    if (sizes[own] < 2) continue;
    sums.fill(0);
    for (let t = 0; t < sample.length; t++) {
      sums[labels[sample[t]]] += Math.sqrt(squaredDistance(rows, row, rows.data, sample[t]));
    }
    const inside = sums[own] / (sizes[own] - 1);
    let outside = Number.POSITIVE_INFINITY;
    for (let c = 0; c < k; c++) {
      if (c !== own && sizes[c] > 0) outside = Math.min(outside, sums[c] / sizes[c]);
    }
    const larger = Math.max(inside, outside);
    if (larger > 0 && larger < Number.POSITIVE_INFINITY) mean += (outside - inside) / larger / sample.length;
  }
  // the rounding of the sum may lead past the ends
  return Math.max(-1, Math.min(1, mean));
}
