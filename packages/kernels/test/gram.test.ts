import { matrix, normal } from "@colm/array";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKernels, type Kernels } from "../src/index.ts";
import { modes, oddShapes } from "./modes.ts";

/** Float32 sums of blocks of 256 terms, relative to the product of the two lengths. */
const tolerance = 1e-5;

for (const { mode, name, here } of modes) {
  describe.skipIf(!here)(`gram in ${name}`, () => {
    let kernels: Kernels;
    beforeAll(async () => {
      kernels = await createKernels({ mode });
    });
    afterAll(() => kernels.dispose());

    it("gives the products of three points worked out by hand", async () => {
      // rows (0, 1), (3, 1), (-2, 5)
      const table = await kernels.gram(matrix(Float32Array.of(0, 1, 3, 1, -2, 5), 3, 2));
      expect(Array.from(table.data)).toEqual([1, 1, 5, 1, 10, -1, 5, -1, 29]);
      expect(kernels.mode).toBe(mode);
    });

    it.each(oddShapes)("equals the definition on %i x %i", async (n, d) => {
      const points = matrix(normal(new Float32Array(n * d), { seed: 10 * n + d }), n, d);
      const table = await kernels.gram(points);
      const dot = (i: number, j: number): number => {
        let sum = 0;
        for (let k = 0; k < d; k++) sum += points.get(i, k) * points.get(j, k);
        return sum;
      };
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          const scale = Math.sqrt(dot(i, i) * dot(j, j));
          expect(Math.abs(table.get(i, j) - dot(i, j))).toBeLessThanOrEqual(tolerance * scale);
          expect(table.get(i, j)).toBe(table.get(j, i));
        }
      }
    });

    it("reads strides and float64, and leaves the points alone", async () => {
      const data = Float64Array.from({ length: 12 }, (_, i) => ((i * 7) % 11) - 5);
      const before = data.slice();
      const view = matrix(data, 3, 4).transpose(1, 0).step(-1, 1);
      const copy = matrix(
        Float32Array.from({ length: 12 }, (_, p) => view.get(Math.floor(p / 3), p % 3)),
        4,
        3,
      );
      expect((await kernels.gram(view)).data).toEqual((await kernels.gram(copy)).data);
      expect(data).toEqual(before);
    });

    it("gives an empty table for no points and zeros for points without coordinates", async () => {
      expect((await kernels.gram(matrix(new Float32Array(0), 0, 3))).shape).toEqual([0, 0]);
      expect(Array.from((await kernels.gram(matrix(new Float32Array(0), 2, 0))).data)).toEqual([0, 0, 0, 0]);
    });

    it("refuses what it cannot multiply, by name", async () => {
      await expect(kernels.gram(JSON.parse("[[1, 2]]"))).rejects.toThrow(
        new TypeError('gram: "points" must be an ndarray, got an array of 1'),
      );
      await expect(kernels.gram(matrix(Float32Array.of(1, 3e30), 2, 1))).rejects.toThrow(
        new RangeError(
          'gram: "points" must give sums within float32, got Infinity at [1, 1]; scale them down',
        ),
      );
    });
  });
}
