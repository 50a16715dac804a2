import { type Matrix, matrix, normal } from "@colm/array";
import { distances, type Metric, selectMedoids, similarity } from "@colm/submodular";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dyadicMatrix, strided, untyped } from "./oracle.ts";

const metrics: Metric[] = ["l1", "l2", "cosine", "dot"];

/** The same from the definition, in float64 throughout. */
function definition(points: Matrix, metric: Metric): number[] {
  const [n, d] = points.shape;
  const pair = (i: number, j: number, term: (a: number, b: number) => number): number =>
    Array.from({ length: d }, (_, t) => term(points.get(i, t), points.get(j, t))).reduce((a, b) => a + b, 0);
  const dot = (i: number, j: number): number => pair(i, j, (a, b) => a * b);
  const entry = {
    l1: (i: number, j: number) => pair(i, j, (a, b) => Math.abs(a - b)),
    l2: (i: number, j: number) => Math.sqrt(pair(i, j, (a, b) => (a - b) ** 2)),
    cosine: (i: number, j: number) => dot(i, j) / Math.sqrt(dot(i, i) * dot(j, j)),
    dot,
  }[metric];
  const all = Array.from({ length: n * n }, (_, p) => entry(Math.floor(p / n), p % n));
  if (metric === "cosine" || metric === "dot") return all;
  const top = Math.max(0, ...all);
  return all.map((value) => top - value);
}

describe("similarity", () => {
  it("turns distances round, and leaves products as they are", () => {
    // (0, 0), (3, 4), (3, 0): L1 distances 7, 3, 4; L2 distances 5, 3, 4
    const points = matrix(Float32Array.of(0, 0, 3, 4, 3, 0), 3, 2);
    expect(Array.from(similarity(points, { metric: "l1" }).data)).toEqual([7, 0, 4, 0, 7, 3, 4, 3, 7]);
    expect(Array.from(similarity(points, { metric: "l2" }).data)).toEqual([5, 0, 2, 0, 5, 1, 2, 1, 5]);
    expect(Array.from(similarity(points, { metric: "dot" }).data)).toEqual([0, 0, 0, 0, 25, 9, 0, 9, 9]);
    const others = matrix(Float32Array.of(3, 4, 3, 0), 2, 2);
    expect(similarity(others, { metric: "cosine" }).get(0, 1)).toBeCloseTo(0.6, 7);
  });

  it.each(metrics)("agrees with the definition on any shape, symmetric, %s", (metric) => {
    const shapes: [number, number][] = [
      [1, 1],
      [2, 3],
      [5, 4],
      [9, 255],
      [6, 256],
      [7, 259],
      [4, 1030],
    ];
    for (const [n, d] of shapes) {
      const points = matrix(normal(new Float32Array(n * d), { seed: n * d }), n, d);
      const s = similarity(points, { metric });
      const expected = definition(points, metric);
      // float32 sums within blocks of 64 per lane: a few units in the last place of the largest entry
      const tolerance = 2 ** -20 * Math.max(...expected.map(Math.abs));
      for (const [p, value] of expected.entries()) {
        expect(Math.abs(s.data[p] - value)).toBeLessThanOrEqual(tolerance);
        expect(s.data[p]).toBe(s.get(p % n, Math.floor(p / n)));
      }
    }
  });

  it("is exact on exact data, reads any strides and both precisions, and leaves its input alone", () => {
    fc.assert(
      fc.property(dyadicMatrix(5, 7), fc.constantFrom<Metric>("l1", "dot"), (points, metric) => {
        const before = points.data.slice();
        const s = similarity(points, { metric });
        expect(Array.from(s.data, (x) => x + 0)).toEqual(definition(points, metric).map((x) => x + 0));
        expect(similarity(strided(points), { metric }).data).toEqual(s.data);
        expect(similarity(matrix(Float64Array.from(points.data), 5, 7), { metric }).data).toEqual(s.data);
        expect(points.data).toEqual(before);
      }),
    );
  });

  it("takes no points, and points without coordinates", () => {
    expect(similarity(matrix(new Float32Array(), 0, 4), { metric: "l1" }).shape).toEqual([0, 0]);
    expect(Array.from(similarity(matrix(new Float32Array(), 2, 0), { metric: "l2" }).data)).toEqual([
      0, 0, 0, 0,
    ]);
  });

  it("compares angles of points of any length", () => {
    const points = matrix(normal(new Float32Array(8 * 5), { seed: 3 }), 8, 5);
    const expected = similarity(points, { metric: "cosine" });
    for (const scale of [2 ** -120, 2 ** -60, 2 ** 60, 2 ** 120]) {
      const scaled = matrix(
        points.data.map((x, p) => (p % 10 < 5 ? x * scale : x)),
        8,
        5,
      );
      const found = similarity(scaled, { metric: "cosine" });
      for (let p = 0; p < 64; p++) expect(found.data[p]).toBeCloseTo(expected.data[p], 6);
      expect(selectMedoids(scaled, { count: 3, metric: "cosine" }).indices).toEqual(
        selectMedoids(points, { count: 3, metric: "cosine" }).indices,
      );
    }
  });

  it("names an entry that float32 has no number for, before any work", () => {
    const wide = matrix(Float64Array.of(0, 1e39), 2, 1);
    const refused = (caller: string): RangeError =>
      new RangeError(`${caller}: "points" must be within float32, got 1e+39 at [1, 0]`);
    expect(() => similarity(wide, { metric: "l1" })).toThrow(refused("similarity"));
    expect(() => distances(wide, { metric: "l1" })).toThrow(refused("distances"));
    expect(() => selectMedoids(wide, { count: 1, metric: "l1" })).toThrow(refused("selectMedoids"));
  });

  it("refuses what cannot be compared", () => {
    const refuse = (points: Matrix, metric: string, message: string): void => {
      expect(() => untyped(similarity)(points, { metric })).toThrow(new RangeError(message));
    };
    const good = matrix(Float32Array.of(1, 2), 2, 1);
    refuse(good, "l3", 'similarity: "metric" must be "l1", "l2", "cosine" or "dot", got "l3"');
    refuse(
      matrix(Float32Array.of(1, Number.NaN), 2, 1),
      "l1",
      'similarity: "points" must be finite, got NaN at [1, 0]',
    );
    refuse(
      matrix(Float32Array.of(1, 0), 2, 1),
      "cosine",
      'similarity: "points" must have no zero row under "cosine", got one at 1',
    );
    refuse(
      matrix(Float32Array.of(3e38, -3e38), 2, 1),
      "l1",
      'similarity: "points" must give sums within float32, got Infinity at [0, 1]; scale them down',
    );
  });
});
