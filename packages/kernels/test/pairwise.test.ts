import { type Matrix, matrix, normal } from "@colm/array";
import { similarity } from "@colm/submodular";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKernels, type DistanceMetric, type Kernels } from "../src/index.ts";
import { distances } from "./distances.ts";
import { modes } from "./modes.ts";

const metrics: readonly DistanceMetric[] = ["l1", "l2", "cosine"];
/** Float32 sums of blocks of 256 terms: relative to the distance, or to 1 where it is smaller. */
const tolerance = 1e-5;

for (const { mode, name, here } of modes) {
  describe.skipIf(!here)(`pairwise in ${name}`, () => {
    let kernels: Kernels;
    beforeAll(async () => {
      kernels = await createKernels({ mode });
    });
    afterAll(() => kernels.dispose());

    it("says where it runs", () => {
      expect(kernels.mode).toBe(mode);
    });

    it("gives the distances of three points worked out by hand", async () => {
      const points = matrix(Float32Array.of(0, 1, 3, 1, 0, 5), 3, 2);
      // rows (0, 1), (3, 1), (0, 5)
      expect(Array.from((await kernels.pairwise(points, "l1")).data)).toEqual([0, 3, 4, 3, 0, 7, 4, 7, 0]);
      expect(Array.from((await kernels.pairwise(points, "l2")).data)).toEqual([0, 3, 4, 3, 0, 5, 4, 5, 0]);
      const angles = await kernels.pairwise(points, "cosine");
      expect(angles.get(0, 2)).toBe(0);
      expect(angles.get(0, 1)).toBeCloseTo(1 - 1 / Math.sqrt(10), 6);
    });

    it.each([
      [1, 1],
      [1, 7],
      [2, 1],
      [3, 255],
      [5, 256],
      [17, 257],
      [33, 1001],
      [9, 2560],
      [2, 70_000],
    ])("equals the definition on %i x %i", async (n, d) => {
      const points = matrix(normal(new Float32Array(n * d), { seed: 10 * n + d }), n, d);
      for (const metric of metrics)
        expectTable(await kernels.pairwise(points, metric), distances(points, metric));
    });

    it("agrees with the CPU function for similarities: max(D) - D", async () => {
      const points = matrix(normal(new Float32Array(40 * 96), { seed: 3 }), 40, 96);
      for (const metric of ["l1", "l2"] as const) {
        const table = await kernels.pairwise(points, metric);
        const top = Math.max(...table.data);
        const expected = similarity(points, { metric });
        for (const [p, value] of table.data.entries()) {
          expect(Math.abs(top - value - Number(expected.data[p]))).toBeLessThanOrEqual(tolerance * top);
        }
      }
    });

    it("reads any strides and float64, and leaves the points alone", async () => {
      const data = Float64Array.from({ length: 24 }, (_, i) => ((i * 7) % 11) - 5);
      const before = data.slice();
      const views: Matrix[] = [
        matrix(data, 4, 6).transpose(1, 0),
        matrix(data, 4, 6).step(2, -1),
        matrix(data, 4, 6).lo(1, 2).hi(2, 3),
      ];
      for (const view of views) expectTable(await kernels.pairwise(view, "l1"), distances(view, "l1"));
      expect(data).toEqual(before);
    });

    it("is a metric: symmetric, zero on the diagonal, no detour is shorter", async () => {
      const points = fc.array(fc.array(fc.integer({ min: -64, max: 64 }), { minLength: 3, maxLength: 3 }), {
        minLength: 1,
        maxLength: 6,
      });
      await fc.assert(
        fc.asyncProperty(points, async (rows) => {
          const table = await kernels.pairwise(
            matrix(
              Float32Array.from(rows.flat(), (k) => k / 16),
              rows.length,
              3,
            ),
            "l1",
          );
          for (let i = 0; i < rows.length; i++) {
            expect(table.get(i, i)).toBe(0);
            for (let j = 0; j < rows.length; j++) {
              expect(table.get(i, j)).toBe(table.get(j, i));
              for (let k = 0; k < rows.length; k++) {
                expect(table.get(i, k)).toBeLessThanOrEqual(table.get(i, j) + table.get(j, k));
              }
            }
          }
        }),
        { numRuns: 20 },
      );
    });

    it("answers calls that overlap, each with its own table", async () => {
      const sizes = [5, 3, 8, 1];
      const inputs = sizes.map((n) => matrix(normal(new Float32Array(n * 4), { seed: n }), n, 4));
      const tables = await Promise.all(inputs.map((points) => kernels.pairwise(points, "l2")));
      for (const [i, table] of tables.entries()) expectTable(table, distances(inputs[i], "l2"));
    });

    it("gives an empty table for no points and zeros for points without coordinates", async () => {
      expect((await kernels.pairwise(matrix(new Float32Array(0), 0, 3), "l1")).shape).toEqual([0, 0]);
      expect(Array.from((await kernels.pairwise(matrix(new Float32Array(0), 2, 0), "l1")).data)).toEqual([
        0, 0, 0, 0,
      ]);
    });

    it("refuses what it cannot compare, by name, and goes on", async () => {
      const refused = (points: Matrix, metric: DistanceMetric): Promise<unknown> =>
        kernels.pairwise(points, metric).catch((error: unknown) => String(error));
      const points = matrix(Float32Array.of(1, 2, 0, 0), 2, 2);
      expect(await refused(points, "cosine")).toBe(
        'RangeError: pairwise: "points" must have no zero row under "cosine", got one at 1',
      );
      expect(await refused(points, JSON.parse('"dot"'))).toBe(
        'RangeError: pairwise: "metric" must be "l1", "l2" or "cosine", got "dot"',
      );
      expect(await refused(matrix(Float32Array.of(0, Number.NaN), 2, 1), "l1")).toBe(
        'RangeError: pairwise: "points" must be finite, got NaN at [1, 0]',
      );
      expect(await refused(JSON.parse("[[1, 2]]"), "l1")).toBe(
        'TypeError: pairwise: "points" must be an ndarray, got an array of 1',
      );
      expect(await refused(matrix(Float32Array.of(0, 3e30), 2, 1), "l2")).toBe(
        'RangeError: pairwise: "points" must give sums within float32, got Infinity at [0, 1]; scale them down',
      );
      expect(Array.from((await kernels.pairwise(points, "l1")).data)).toEqual([0, 3, 3, 0]);
    });
  });
}

function expectTable(actual: Matrix, expected: number[][]): void {
  expect(actual.shape).toEqual([expected.length, expected.length]);
  for (const [i, row] of expected.entries()) {
    for (const [j, value] of row.entries()) {
      const error = Math.abs(actual.get(i, j) - value) / Math.max(1, Math.abs(value));
      if (!(error <= tolerance)) expect.fail(`[${i}, ${j}] is ${actual.get(i, j)}, not ${value}`);
    }
  }
}
