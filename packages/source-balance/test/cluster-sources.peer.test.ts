import { matrix, normal } from "@colm/array";
import { kmeans } from "ml-kmeans";
import { expect, it } from "vitest";
import { clusterSources } from "../src/index.ts";

/** Sum of squared distances of rows to the centroids that another implementation gave them. */
function inertiaOf(
  rows: readonly number[][],
  labels: readonly number[],
  centroids: readonly number[][],
): number {
  return rows.reduce(
    (sum, row, i) => sum + row.reduce((own, x, j) => own + (x - centroids[labels[i]][j]) ** 2, 0),
    0,
  );
}

it("is never worse than ml-kmeans by the objective, on rows without clusters", () => {
  for (const [seed, clusters] of [
    [1, 3],
    [2, 5],
    [3, 8],
  ]) {
    const data = normal(new Float32Array(200 * 4), { seed });
    const rows = Array.from({ length: 200 }, (_, i) => Array.from(data.subarray(4 * i, 4 * i + 4)));
    const peers = [1, 2, 3].map((start) => {
      const { clusters: labels, centroids } = kmeans(rows, clusters, {
        seed: start,
        initialization: "kmeans++",
      });
      return inertiaOf(rows, labels, centroids);
    });
    const { inertia } = clusterSources(matrix(data, 200, 4), { clusters, seed, starts: 24 });
    // both end in local optima: the best of 24 starts against the best of the peer's three, a thousandth apart at most
    expect(inertia).toBeLessThanOrEqual(Math.min(...peers) * 1.001);
  }
});

it("finds the clusters of ml-kmeans where there are clusters", () => {
  const data = normal(new Float32Array(120 * 3), { seed: 5 });
  for (let i = 0; i < 120; i++) data[3 * i + (i % 3)] += 15;
  const rows = Array.from({ length: 120 }, (_, i) => Array.from(data.subarray(3 * i, 3 * i + 3)));
  const peer = kmeans(rows, 3, { seed: 4, initialization: "kmeans++" });
  const ours = clusterSources(matrix(data, 120, 3), { clusters: 3, seed: 4 });
  const pairs = new Set(Array.from(ours.labels, (label, i) => `${label} ${peer.clusters[i]}`));
  expect(pairs.size).toBe(3);
  expect(ours.inertia).toBeCloseTo(inertiaOf(rows, peer.clusters, peer.centroids), 6);
});
