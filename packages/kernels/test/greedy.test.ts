import { type Matrix, matrix, normal } from "@colm/array";
import { facilityLocation, selectMedoids, similarity } from "@colm/submodular";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKernels, type Kernels } from "../src/index.ts";
import { modes } from "./modes.ts";

/** Float32 sums of blocks of at most 256 terms: relative to a gain, or to 1; to the largest squared length. */
const tolerance = 1e-5;

/** Points, coordinates, rounds: 1, what no block, chunk or step of rounds divides, all points, more than one block. */
const runs: readonly [n: number, d: number, count: number][] = [
  [1, 1, 1],
  [2, 7, 2],
  [17, 257, 9],
  [33, 3, 33],
  [67, 301, 13],
  [301, 5, 21],
];

const pointsOf = (n: number, d: number): Matrix =>
  matrix(normal(new Float32Array(n * d), { seed: 10 * n + d }), n, d);

for (const { mode, name, here } of modes) {
  describe.skipIf(!here)(`greedy runs in ${name}`, () => {
    let kernels: Kernels;
    beforeAll(async () => {
      kernels = await createKernels({ mode });
    });
    afterAll(() => kernels.dispose());

    it("chooses the medoids of two heaps, by hand", async () => {
      const points = matrix(Float32Array.of(0, 1, 2, 10, 11, 12), 6, 1);
      // max(D) = 12: of 2 the similarities are 10 11 12 4 3 2, then 11 adds (11 - 3) - (-1 + 12 - 3) ...
      const { indices, gains } = await kernels.selectMedoids(points, { count: 6, metric: "l1" });
      expect(Array.from(indices)).toEqual([2, 4, 0, 1, 3, 5]);
      expect(Array.from(gains)).toEqual([42, 25, 2, 1, 1, 1]);
      expect(kernels.mode).toBe(mode);
    });

    it.each(
      runs.flatMap(([n, d, count]) =>
        (["l1", "l2", "cosine"] as const).map((metric) => [n, d, count, metric] as const),
      ),
    )("chooses the medoids of the CPU: %i x %i, %i of them, %s", async (n, d, count, metric) => {
      const points = pointsOf(n, d);
      const { indices, gains } = await kernels.selectMedoids(points, { count, metric });
      const expected = selectMedoids(points, { count, metric });
      const f = facilityLocation(full(similarity(points, { metric })));
      expect(new Set(indices).size).toBe(count);
      for (let t = 0; t < count; t++) {
        const before = indices.subarray(0, t);
        const state = f.start(before);
        const all = Float64Array.from({ length: n }, (_, i) => state.gain(i));
        const room = tolerance * Math.max(1, f.value(before) + all[indices[t]]);
        expect(Math.abs(gains[t] - all[indices[t]])).toBeLessThanOrEqual(room);
        // the best one, or one that gains as much but for rounding
        expect(all[indices[t]]).toBeGreaterThanOrEqual(Math.max(...all) - room);
      }
      expect(f.value(indices)).toBeGreaterThanOrEqual(expected.value * (1 - tolerance));
    });

    it("takes the lower of equal points, and never one twice", async () => {
      const points = matrix(new Float32Array(2 * 40).fill(1), 40, 2);
      const { indices } = await kernels.selectMedoids(points, { count: 5, metric: "l2" });
      expect(Array.from(indices)).toEqual([0, 1, 2, 3, 4]);
      const herded = await kernels.herding(points, { count: 5 });
      expect(Array.from(herded.indices)).toEqual([0, 1, 2, 3, 4]);
    });

    it("herds towards a mean, by hand", async () => {
      // the mean of 0 3 4 5 is 3; of 4 and 3 it is 3.5, of 3 4 and 0 it is 7/3
      const points = matrix(Float32Array.of(0, 3, 4, 5), 4, 1);
      const { indices, scores } = await kernels.herding(points, { count: 3 });
      expect(Array.from(indices)).toEqual([1, 2, 0]);
      expect(Array.from(scores, (score) => Math.round(score * 1e5) / 1e5)).toEqual([0, 0.25, 0.44444]);
      // towards 4.5
      const high = await kernels.herding(points, { count: 2, target: [0, 0, 0.5, 0.5] });
      expect(Array.from(high.indices)).toEqual([2, 3]);
      expect(kernels.mode).toBe(mode);
    });

    it.each(runs)("herds as the definition: %i x %i, %i rounds", async (n, d, count) => {
      const points = pointsOf(n, d);
      const weights = normal(new Float32Array(n), { seed: 1 });
      const target = Float64Array.from(weights, (weight) => Math.abs(weight) / n);
      const { indices, scores } = await kernels.herding(points, { count, target });
      expect(new Set(indices).size).toBe(count);
      const room = tolerance * largestSquare(points);
      for (let t = 0; t < count; t++) {
        const scoreOf = scoresOf(points, indices.subarray(0, t), target);
        expect(Math.abs(scores[t] - scoreOf[indices[t]])).toBeLessThanOrEqual(room);
        const taken = new Set(indices.subarray(0, t));
        const least = Math.min(...scoreOf.filter((_, i) => !taken.has(i)));
        expect(scoreOf[indices[t]]).toBeLessThanOrEqual(least + room);
      }
    });

    it("reads strides and float64, leaves the points alone, and repeats itself", async () => {
      const data = Float64Array.from({ length: 60 }, (_, i) => ((i * 7) % 23) - 11);
      const before = data.slice();
      const view = matrix(data, 5, 12).transpose(1, 0).step(-1, 1);
      const copy = matrix(
        Float32Array.from({ length: 60 }, (_, p) => view.get(Math.floor(p / 5), p % 5)),
        12,
        5,
      );
      const [a, b, c] = [
        await kernels.selectMedoids(view, { count: 4, metric: "l1" }),
        await kernels.selectMedoids(copy, { count: 4, metric: "l1" }),
        await kernels.selectMedoids(copy, { count: 4, metric: "l1" }),
      ];
      expect(a).toEqual(b);
      expect(c).toEqual(b);
      expect(await kernels.herding(view, { count: 4 })).toEqual(await kernels.herding(copy, { count: 4 }));
      expect(data).toEqual(before);
    });

    it("chooses nothing where nothing is asked for", async () => {
      const none = matrix(new Float32Array(0), 0, 3);
      expect(await kernels.selectMedoids(none, { count: 0, metric: "l1" })).toEqual({
        indices: new Int32Array(0),
        gains: new Float32Array(0),
      });
      expect((await kernels.herding(none, { count: 0 })).indices.length).toBe(0);
      // points without coordinates lie on one another
      const flat = await kernels.selectMedoids(matrix(new Float32Array(0), 3, 0), { count: 2, metric: "l2" });
      expect(Array.from(flat.indices)).toEqual([0, 1]);
    });

    it("refuses bad input by name", async () => {
      const points = matrix(Float32Array.of(1, 0, 0, 1), 2, 2);
      await expect(kernels.selectMedoids(points, { count: 3, metric: "l1" })).rejects.toThrow(
        new RangeError('selectMedoids: "count" must be an integer in [0, 2], got 3'),
      );
      await expect(
        kernels.selectMedoids(points, JSON.parse('{ "count": 1, "metric": "dot" }')),
      ).rejects.toThrow(new RangeError('selectMedoids: "metric" must be "l1", "l2" or "cosine", got "dot"'));
      const zero = matrix(Float32Array.of(1, 0, 0, 0), 2, 2);
      await expect(kernels.selectMedoids(zero, { count: 1, metric: "cosine" })).rejects.toThrow(
        new RangeError('selectMedoids: "points" must have no zero row under "cosine", got one at 1'),
      );
      const far = matrix(Float32Array.of(3e38, -3e38), 2, 1);
      await expect(kernels.selectMedoids(far, { count: 1, metric: "l1" })).rejects.toThrow(
        /^selectMedoids: "points" must give sums within float32, got (Infinity|NaN) at 0; scale them down$/,
      );
      await expect(kernels.herding(points, { count: 1, target: [1] })).rejects.toThrow(
        new RangeError('herding: "target" must have 2 entries, got 1'),
      );
      await expect(kernels.herding(far, { count: 1 })).rejects.toThrow(
        /^herding: "points" must give sums within float32, got (Infinity|NaN) at 0; scale them down$/,
      );
      await expect(kernels.herding(JSON.parse("1"), { count: 1 })).rejects.toThrow(
        new TypeError('herding: "points" must be an ndarray, got 1'),
      );
    });
  });
}

describe("greedy runs under auto", () => {
  it("are those of the CPU where it wins, and measured by kind and rounds", async () => {
    const kernels = await createKernels();
    const points = pointsOf(40, 6);
    const { indices } = await kernels.selectMedoids(points, { count: 5, metric: "l1" });
    await kernels.herding(points, { count: 3 });
    const { choices } = kernels;
    expect(choices.map(({ term, upTo, rounds }) => [term, upTo, rounds])).toEqual([
      ["medoids", [64, 8], 8],
      ["herding", [64, 8], 4],
    ]);
    expect(Object.keys(choices[0].onSample)).toContain(kernels.choices[0].mode);
    expect(Array.from(indices)).toEqual(
      Array.from(selectMedoids(points, { count: 5, metric: "l1" }).indices),
    );
    await kernels.dispose();
  });
});

function full(table: ReturnType<typeof similarity>): Matrix {
  if (!("shape" in table) || !("get" in table)) throw new TypeError("a full table is expected");
  return table;
}

function largestSquare(points: Matrix): number {
  const [n, d] = points.shape;
  let largest = 0;
  for (let i = 0; i < n; i++) {
    let square = 0;
    for (let k = 0; k < d; k++) square += points.get(i, k) ** 2;
    largest = Math.max(largest, square);
  }
  return largest;
}

/** The scores from the coordinates themselves. */
function scoresOf(points: Matrix, chosen: Int32Array, target: ArrayLike<number>): number[] {
  const [n, d] = points.shape;
  const scores = new Array<number>(n).fill(0);
  for (let k = 0; k < d; k++) {
    let mu = 0;
    for (let j = 0; j < n; j++) mu += target[j] * points.get(j, k);
    let sum = 0;
    for (const j of chosen) sum += points.get(j, k);
    for (let i = 0; i < n; i++) scores[i] += ((sum + points.get(i, k)) / (chosen.length + 1) - mu) ** 2;
  }
  return scores;
}
