import { type Matrix, matrix, normal } from "@colm/array";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKernels, type HeldMetric, type Kernels } from "../src/index.ts";
import { distances } from "./distances.ts";
import { modes, oddShapes } from "./modes.ts";

/** Float32 sums of blocks of at most 256 terms: relative to the gain over no cover, or to 1; to the largest similarity. */
const tolerance = 1e-5;
const metrics = ["l1", "l2", "cosine", "dot"] as const;
const shapes: readonly [number, number][] = [...oddShapes, [301, 3]];

const pointsOf = (n: number, d: number): Matrix =>
  matrix(normal(new Float32Array(n * d), { seed: 10 * n + d }), n, d);

for (const { mode, name, here } of modes) {
  describe.skipIf(!here)(`a held table in ${name}`, () => {
    let kernels: Kernels;
    beforeAll(async () => {
      kernels = await createKernels({ mode });
    });
    afterAll(() => kernels.dispose());

    it("answers round after round, by hand", async () => {
      const points = matrix(Float32Array.of(0, 1, 4), 3, 1);
      const far = await kernels.hold(points, { metric: "l1" });
      // similarities 4 3 0, 3 4 1, 0 1 4
      expect(Array.from(await far.gains([0, 0, 0]))).toEqual([7, 8, 5]);
      expect(Array.from(await far.row(1))).toEqual([3, 4, 1]);
      expect(Array.from(await far.gains([3, 4, 1]))).toEqual([1, 0, 3]);
      const dot = await kernels.hold(points, { metric: "dot" });
      expect(dot.size).toBe(3);
      // the mean is 5/3
      const scores = await dot.herdingScores([0]);
      expect(Array.from(scores, (score) => Math.round(9 * score * 1e4) / 1e4)).toEqual([25, 12.25, 1]);
      // two tables beside one another
      expect(Array.from(await far.gains([0, 0, 0]))).toEqual([7, 8, 5]);
      expect(kernels.mode).toBe(mode);
      await Promise.all([far.dispose(), dot.dispose()]);
    });

    it.each(shapes.flatMap(([n, d]) => metrics.map((metric) => [n, d, metric] as const)))(
      "equals the definitions on %i x %i, %s",
      async (n, d, metric) => {
        const points = pointsOf(n, d);
        const s = similaritiesOf(points, metric);
        const held = await kernels.hold(points, { metric });
        const cover = Float32Array.from(
          normal(new Float32Array(n), { seed: 5 }),
          (x, i) => 0.3 * x * s[i][0],
        );
        for (const low of [new Float32Array(n), cover]) {
          const gains = await held.gains(low);
          for (let j = 0; j < n; j++) {
            let expected = 0;
            let whole = 0;
            for (let i = 0; i < n; i++) {
              expected += Math.max(0, s[i][j] - low[i]);
              whole += Math.abs(s[i][j]) + Math.abs(low[i]);
            }
            expect(Math.abs(gains[j] - expected)).toBeLessThanOrEqual(tolerance * Math.max(1, whole));
          }
        }
        const row = await held.row(n - 1);
        const top = Math.max(...s.flat().map(Math.abs));
        for (let i = 0; i < n; i++) {
          expect(Math.abs(row[i] - s[n - 1][i])).toBeLessThanOrEqual(tolerance * top);
        }
        const target = Float64Array.from(cover, (_, i) => (1 + (i % 3)) / (2 * n));
        const chosen = Array.from({ length: n >> 1 }, (_, k) => n - 1 - k);
        const scores = await held.herdingScores(chosen, { target });
        const largest = s.reduce((most, row) => Math.max(most, ...row.map(Math.abs)), 1e-30);
        const c = Float64Array.from(target, (weight) => -weight);
        for (const i of chosen) c[i] += 1 / (chosen.length + 1);
        let constant = 0;
        const along = s.map((row) => row.reduce((sum, value, j) => sum + value * c[j], 0));
        for (let i = 0; i < n; i++) constant += c[i] * along[i];
        for (let i = 0; i < n; i++) {
          const m = chosen.length + 1;
          const expected = constant + (2 * along[i] + s[i][i] / m) / m;
          expect(Math.abs(scores[i] - expected)).toBeLessThanOrEqual(tolerance * largest);
        }
        await held.dispose();
      },
    );

    it("holds nothing of no points", async () => {
      const held = await kernels.hold(matrix(new Float32Array(0), 0, 3), { metric: "l1" });
      expect((await held.gains([])).length).toBe(0);
      expect((await held.herdingScores([])).length).toBe(0);
      await held.dispose();
    });

    it("refuses bad input by name", async () => {
      const points = matrix(Float32Array.of(1, 0, 0, 1), 2, 2);
      await expect(kernels.hold(points, JSON.parse('{ "metric": "l3" }'))).rejects.toThrow(
        new RangeError('hold: "metric" must be "l1", "l2", "cosine" or "dot", got "l3"'),
      );
      await expect(kernels.hold(matrix(Float32Array.of(0), 1, 1), { metric: "cosine" })).rejects.toThrow(
        new RangeError('hold: "points" must have no zero row under "cosine", got one at 0'),
      );
      await expect(
        kernels.hold(matrix(Float32Array.of(3e38, -3e38), 2, 1), { metric: "l1" }),
      ).rejects.toThrow(/^hold: "points" must give sums within float32, got Infinity at 0; scale them down$/);
      const held = await kernels.hold(points, { metric: "dot" });
      await expect(held.gains([1])).rejects.toThrow(
        new RangeError('gains: "cover" must have 2 entries, got 1'),
      );
      await expect(held.row(2)).rejects.toThrow(/^row: "i" must .* got 2/);
      await expect(held.herdingScores([2])).rejects.toThrow(/^herdingScores: "chosen" must .* got 2/);
      await held.dispose();
    });

    it("answers nothing after dispose, of the table or of the kernels", async () => {
      const own = await createKernels({ mode });
      const points = matrix(Float32Array.of(0, 1), 2, 1);
      const [one, two] = [await own.hold(points, { metric: "l2" }), await own.hold(points, { metric: "l2" })];
      await Promise.all([one.dispose(), one.dispose()]);
      await expect(one.gains([0, 0])).rejects.toThrow(
        new Error("gains: the table was disposed of; hold it anew"),
      );
      expect(Array.from(await two.gains([0, 0]))).toEqual([1, 1]);
      await own.dispose();
      await expect(two.gains([0, 0])).rejects.toThrow(
        new Error("gains: the kernels were disposed of; create new ones"),
      );
      await two.dispose();
    });
  });
}

describe("a held table under auto", () => {
  it("stays with the mode that won, which is reported", async () => {
    const kernels = await createKernels();
    const held = await kernels.hold(pointsOf(20, 4), { metric: "cosine" });
    const [{ term, mode, upTo }] = kernels.choices;
    expect([term, upTo]).toEqual(["held", [32, 4]]);
    await kernels.gram(pointsOf(3, 2));
    await held.gains(new Float32Array(20));
    expect(kernels.mode).toBe(mode);
    await held.dispose();
    await kernels.dispose();
  });
});

/** `max(D) - D`, cosines or scalar products, from their definitions. */
function similaritiesOf(points: Matrix, metric: HeldMetric): number[][] {
  if (metric !== "dot") {
    const table = distances(points, metric);
    const top = metric === "cosine" ? 1 : Math.max(...table.flat());
    return table.map((row) => row.map((value) => top - value));
  }
  const [n, d] = points.shape;
  return Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += points.get(i, k) * points.get(j, k);
      return sum;
    }),
  );
}
