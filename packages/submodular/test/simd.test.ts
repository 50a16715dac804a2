import { columnReader, type Matrix, matrix, normal, uniform } from "@colm/array";
import {
  facilityLocation,
  type MaximizeOptions,
  maximize,
  type SubmodularFunction,
  similarity,
} from "@colm/submodular";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compare } from "../src/compare.ts";
import { growFacility } from "../src/facility-evaluator.ts";
import { keepGains } from "../src/keep-gains.ts";
import type { Metric } from "../src/metric.ts";
import { plainTiles, rowLengths, withTiles } from "../src/pair-tiles.ts";
import { plainGains } from "../src/plain-gains.ts";
import { simdGains } from "../src/simd/kept-gains.ts";
import { hasSimd } from "../src/simd/workspace.ts";
import { strided } from "./oracle.ts";

const shapes: [number, number][] = [
  [1, 1],
  [2, 3],
  [3, 8],
  [5, 4],
  [16, 16],
  [17, 255],
  [33, 257],
  [18, 1030],
];

describe("WebAssembly kernels", () => {
  it("run here", () => {
    expect(hasSimd()).toBe(true);
  });

  it.each(["l1", "l2", "cosine", "dot"] as const)(
    "give the bits of plain typed arrays, %s",
    (metric: Metric) => {
      for (const [rows, cols] of shapes) {
        const points = { x: normal(new Float32Array(rows * cols), { seed: rows }), rows, cols };
        const [plain, simd] = [new Float32Array(rows * rows), new Float32Array(rows * rows)];
        const lengths = metric === "cosine" ? rowLengths("test", points) : undefined;
        compare("test", plain, rows, metric, plainTiles(points, metric, lengths));
        withTiles("test", points, metric, (tiles) => compare("test", simd, rows, metric, tiles));
        expect(simd).toEqual(plain);
      }
    },
  );

  it("keep the gains that plain typed arrays keep, bit for bit", () => {
    for (const [points, candidates] of [...shapes, [200, 600], [3, 40000]]) {
      const s = matrix(normal(new Float32Array(points * candidates), { seed: 1 }), points, candidates);
      const plain = growFacility(s, { keep: plainGains });
      const growing = [s, strided(s)].map((m) => growFacility(m, { keep: simdGains }));
      const [expected, found] = [new Float64Array(candidates), new Float64Array(candidates)];
      for (let item = 0; item < Math.min(4, candidates); item++) {
        plain.gains?.(expected);
        for (const simd of growing) {
          simd.gains?.(found);
          expect(found).toEqual(expected);
          simd.add(item);
        }
        plain.add(item);
      }
    }
  });

  it("see whether similarities are symmetric, to the last bit", () => {
    for (const n of [1, 2, 5, 16, 19, 33]) {
      const s = similarity(matrix(normal(new Float32Array(n * 2), { seed: n }), n, 2), { metric: "l1" });
      const isSymmetric = (): boolean => simdGains(s, new Float32Array(n), columnReader(s)).symmetric;
      expect(isSymmetric()).toBe(true);
      const bits = new Int32Array(s.data.buffer);
      for (let p = 0; p < n * n; p++) {
        bits[p] ^= 1;
        expect(isSymmetric()).toBe(p % (n + 1) === 0);
        bits[p] ^= 1;
      }
    }
    const large = matrix(new Float32Array(1100 * 1100).fill(0.5), 1100, 1100);
    expect(simdGains(large, new Float32Array(1100), columnReader(large)).symmetric).toBe(true);
    large.data[1099] = 0.25;
    expect(simdGains(large, new Float32Array(1100), columnReader(large)).symmetric).toBe(false);
  });

  it("see it among few different entries, whose bits end in many zeros", () => {
    for (const values of [
      [0, 1],
      [0, 2],
      [0, 0.5],
      [0, 8],
      [1, 1.5],
      [-2, 2],
      [0, 2 ** -149],
      [0, 3],
      [-1, 0.5],
      [-2, 4],
      [0.875, 9.875],
    ]) {
      fc.assert(
        fc.property(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 0, max: 2 ** 31 }), (n, seed) => {
          const draws = uniform(new Float64Array(n * n), { seed });
          const s = matrix(
            Float32Array.from(draws, (draw) => values[Math.floor(2 * draw)]),
            n,
            n,
          );
          const isEqual = s.data.every((x, p) => x === s.get(p % n, Math.floor(p / n)));
          expect(simdGains(s, new Float32Array(n), columnReader(s)).symmetric).toBe(isEqual);
        }),
        { numRuns: 300 },
      );
    }
    const oneSided = matrix(Float32Array.of(0, 0, 0, 2, 0, 0, 2, 0, 0), 3, 3);
    expect(maximize(facilityLocation(oneSided), { count: 1 }).gains).toEqual(Float64Array.of(4));
  });

  it("serve evaluators that grow side by side", () => {
    const s = matrix(normal(new Float32Array(30 * 20), { seed: 2 }), 30, 20);
    const t = matrix(normal(new Float32Array(50 * 70), { seed: 3 }), 50, 70);
    const pairs = [s, t].map((m) => [
      growFacility(m, { keep: keepGains }),
      growFacility(m, { keep: plainGains }),
    ]);
    for (let item = 0; item < 5; item++) {
      for (const [simd, plain] of pairs) {
        const [found, expected] = [new Float64Array(70), new Float64Array(70)];
        simd.gains?.(found);
        plain.gains?.(expected);
        expect(found).toEqual(expected);
        simd.add(item);
        plain.add(item);
      }
    }
  });
});

/** The same function without WebAssembly. */
function plainly(s: Matrix): SubmodularFunction {
  return {
    ...facilityLocation(s),
    start(initial = []) {
      const evaluator = growFacility(s, { keep: plainGains });
      for (const item of Array.from(initial)) evaluator.add(item);
      return evaluator;
    },
  };
}

/** Similarities of points around a few centres: covers rise a lot at first and little later. */
function clustered(n: number): Matrix {
  const data = normal(new Float32Array(n * 3), { seed: n }).map((x, p) => x + 9 * (Math.floor(p / 3) % 5));
  return similarity(matrix(data, n, 3), { metric: "l1" });
}

describe("greedy steps inside WebAssembly", () => {
  const uniformly = (points: number, candidates: number): Matrix =>
    matrix(
      Float32Array.from(uniform(new Float64Array(points * candidates), { seed: points })),
      points,
      candidates,
    );
  // many ties, zeros, and magnitudes that are far apart
  const wild = matrix(
    normal(new Float32Array(60 * 45), { seed: 4 }).map(
      (x, p) => [0, 1, x, 2 ** 60 * x, 2 ** -140 * x][p % 5],
    ),
    60,
    45,
  );
  const cases: [string, Matrix][] = [
    ["one point", uniformly(1, 1)],
    ["uniform", uniformly(90, 70)],
    ["uniform, wide", uniformly(7, 200)],
    ["uniform and symmetric", similarity(uniformly(83, 4), { metric: "l2" })],
    ["clusters", clustered(150)],
    ["clusters, more than are copied at once", clustered(1050)],
    ["all alike", matrix(new Float32Array(40 * 40).fill(0.3), 40, 40)],
    ["magnitudes far apart", wild],
  ];
  it.each(cases)("choose what plain arrays choose, bit for bit: %s", (_, s) => {
    const size = s.shape[1];
    const count = Math.min(60, size);
    const half = Math.floor(size / 2);
    const groups = Array.from({ length: size }, (_, j) => (j < half ? 0 : 1));
    const settings: MaximizeOptions[] = [
      { count },
      { count, ties: "high" },
      { count: count - 1, initial: [size - 1] },
      { count, minGain: facilityLocation(s).value([0]) / 8 },
      { groups, quotas: [Math.min(3, half), Math.min(9, size - half)] },
      { count, costs: groups.map((g) => g + 1), budget: 1.5 * count, costRule: "gain" },
    ];
    for (const options of settings) {
      expect(maximize(facilityLocation(s), options)).toEqual(maximize(plainly(s), options));
    }
  });

  it.each(cases)("keep gains within their tolerance of sums anew: %s", (_, s) => {
    const kept = growFacility(s);
    const anew = growFacility(s);
    const out = new Float64Array(s.shape[1]);
    kept.gains?.(out);
    for (const item of maximize(facilityLocation(s), { count: Math.min(20, out.length) }).indices) {
      kept.add(item);
      anew.add(item);
      kept.gains?.(out);
      const tolerance = kept.tolerance ?? 0;
      for (const [j, gain] of out.entries()) {
        const from = anew.gain(j);
        if (Math.abs(gain - from) > tolerance)
          expect({ j, gain, tolerance }).toEqual({ j, gain: from, tolerance });
      }
    }
  });

  it("look at the signal and tell progress on the way", () => {
    const f = facilityLocation(uniformly(50, 300));
    const told: number[] = [];
    const stop = new AbortController();
    const onProgress = (done: number, most: number): void => {
      expect(most).toBe(200);
      told.push(done);
      if (done > 60) stop.abort(new Error("enough"));
    };
    expect(() => maximize(f, { count: 200, onProgress, signal: stop.signal })).toThrow("enough");
    expect(told.length).toBeGreaterThan(1);
    expect(told.at(-1)).toBeLessThan(150);
    maximize(f, { count: 200, onProgress: (done) => told.push(done) });
    expect(told.at(-1)).toBe(200);
  });
});
