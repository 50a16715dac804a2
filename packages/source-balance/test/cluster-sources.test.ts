import { matrix, normal } from "@colm/array";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clusterSources } from "../src/index.ts";

/** `count` rows around each of `clusters` far corners, the clusters taking turns. */
function planted(clusters: number, count: number, dimension: number, seed: number) {
  const rows = clusters * count;
  const data = normal(new Float32Array(rows * dimension), { seed });
  const truth = Array.from({ length: rows }, (_, i) => i % clusters);
  truth.forEach((cluster, i) => {
    data[i * dimension + (cluster % dimension)] += 12 * (1 + Math.floor(cluster / dimension));
  });
  return { features: matrix(data, rows, dimension), truth };
}

describe("clusterSources", () => {
  it("finds a planted mixture, numbered in order of appearance", () => {
    const { features, truth } = planted(5, 40, 4, 3);
    const { labels, centroids } = clusterSources(features, { clusters: 5, seed: 1 });
    expect(Array.from(labels)).toEqual(truth);
    expect(centroids.shape).toEqual([5, 4]);
  });

  it("finds the number of planted clusters by their silhouette", () => {
    for (const clusters of [2, 3, 6]) {
      const { features, truth } = planted(clusters, 30, 6, clusters);
      const found = clusterSources(features, { clusters: "auto", seed: 7 });
      expect(Array.from(found.labels)).toEqual(truth);
      expect(found.silhouette).toBeGreaterThan(0.5);
    }
  });

  it("agrees with sums by hand: means, inertia and silhouette of two pairs on a line", () => {
    const found = clusterSources(matrix(Float32Array.of(0, 2, 10, 12), 4, 1), { clusters: 2, seed: 4 });
    expect(Array.from(found.centroids.data)).toEqual([1, 11]);
    expect(found.inertia).toBe(4);
    // rows 0 and 12: own 2, other 11; rows 2 and 10: own 2, other 9
    expect(found.silhouette).toBeCloseTo((9 / 11 + 7 / 9) / 2, 12);
  });

  it("assigns every row to the label it has, and new rows to the nearest centroid", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.nat(1000), (clusters, seed) => {
        const data = normal(new Float32Array(60), { seed });
        const { labels, centroids, assign, inertia } = clusterSources(matrix(data, 20, 3), {
          clusters,
          seed,
        });
        let sum = 0;
        labels.forEach((label, i) => {
          const row = data.subarray(i * 3, i * 3 + 3);
          const distances = Array.from({ length: clusters }, (_, c) =>
            row.reduce((acc, x, j) => acc + (x - centroids.get(c, j)) ** 2, 0),
          );
          expect(distances[assign(row)]).toBe(Math.min(...distances));
          expect(assign(row)).toBe(label);
          sum += distances[label];
        });
        expect(inertia).toBeCloseTo(sum, 9);
        expect(new Set(labels).size).toBe(clusters);
      }),
    );
  });

  it("assigns rows between centroids, equally near to both, to the label they have", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 4, maxLength: 24 }),
        fc.nat(1000),
        (values, seed) => {
          const features = matrix(Float32Array.from(values), values.length, 1);
          const clusters = Math.min(3, new Set(values).size);
          const { labels, assign } = clusterSources(features, { clusters, seed, starts: 1, iterations: 1 });
          expect(values.map((value) => assign([value]))).toEqual(Array.from(labels));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("does not depend on the unit, however large or small", () => {
    const { features } = planted(3, 20, 4, 5);
    const plain = clusterSources(features, { clusters: "auto", seed: 2 });
    for (const unit of [2 ** 600, 2 ** 1000, 2 ** -600, 2 ** -1000]) {
      const data = Float64Array.from(features.data, (x) => x * unit);
      const far = clusterSources(matrix(data, 60, 4), { clusters: "auto", seed: 2 });
      expect(far.labels).toEqual(plain.labels);
      expect(far.silhouette).toBeCloseTo(plain.silhouette, 12);
      expect(far.centroids.data[0]).toBeCloseTo(plain.centroids.data[0] * unit, 12);
      expect(far.assign(data.subarray(4, 8))).toBe(plain.labels[1]);
    }
  });

  it("has a silhouette of at most 1, whatever the rounding", () => {
    // two rows often enough: each silhouette is 1, and n nths may sum to more
    for (let n = 4; n < 60; n++) {
      const data = Float32Array.from({ length: n }, (_, i) => i % 2);
      const { silhouette } = clusterSources(matrix(data, n, 1), { clusters: 2, seed: 1, starts: 1 });
      expect(silhouette).toBeLessThanOrEqual(1);
      expect(silhouette).toBeCloseTo(1, 12);
    }
  });

  it("is the same for the same seed, reads any strides and leaves its input alone", () => {
    const { features } = planted(3, 20, 5, 11);
    const before = features.data.slice();
    const first = clusterSources(features, { clusters: 4, seed: 2 });
    const held = new Float64Array(features.size + 3);
    const strided = matrix(held.subarray(0, features.size), 5, 60).transpose(1, 0);
    for (let i = 0; i < 60; i++) for (let j = 0; j < 5; j++) strided.set(i, j, features.get(i, j));
    expect(clusterSources(strided, { clusters: 4, seed: 2 }).labels).toEqual(first.labels);
    expect(clusterSources(features, { clusters: 4, seed: 2 }).centroids.data).toEqual(first.centroids.data);
    expect(features.data).toEqual(before);
  });

  it("takes equal rows as one source, and a single row too", () => {
    const equal = clusterSources(matrix(new Float32Array(6).fill(2), 3, 2), { clusters: "auto", seed: 1 });
    expect(equal.labels).toEqual(Int32Array.of(0, 0, 0));
    expect(equal.silhouette).toBe(0);
    expect(clusterSources(matrix(Float32Array.of(5), 1, 1), { clusters: 1, seed: 1 }).assign([9])).toBe(0);
  });

  it("refuses bad input", () => {
    expect(() => Reflect.apply(clusterSources, undefined, [matrix(new Float32Array(1), 1, 1), null])).toThrow(
      new TypeError('clusterSources: "options" must be an object, got null'),
    );
    const features = matrix(Float32Array.of(1, 1, 2), 3, 1);
    expect(() => clusterSources(features, { clusters: 3, seed: 1 })).toThrow(
      new RangeError('clusterSources: "clusters" must be at most the 2 different rows of "features", got 3'),
    );
    expect(() => clusterSources(features, { clusters: 0, seed: 1 })).toThrow(
      new RangeError('clusterSources: "clusters" must be at least 1, got 0'),
    );
    expect(() => clusterSources(matrix(new Float32Array(0), 0, 3), { clusters: 1, seed: 1 })).toThrow(
      new RangeError('clusterSources: "features" must have rows and columns, got 0 x 3'),
    );
    expect(() => clusterSources(features, { clusters: 1, seed: -1 })).toThrow(
      new RangeError('clusterSources: "seed" must be an integer of at least 0, got -1'),
    );
    expect(() => clusterSources(features, { clusters: 1, seed: 1 }).assign([1, 2])).toThrow(
      new RangeError('assign: "row" must have 1 entries, got 2'),
    );
  });
});
