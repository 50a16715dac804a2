import { matrix, normal } from "@colm/array";
import { facilityLocation, maximize, similarity as similarities } from "@colm/submodular";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKernels, type Kernels } from "../src/index.ts";
import { modes, oddShapes } from "./modes.ts";

/** Float32 sums of blocks of 256 terms, relative to the gain, or to 1 where it is smaller. */
const tolerance = 1e-5;

for (const { mode, name, here } of modes) {
  describe.skipIf(!here)(`gains in ${name}`, () => {
    let kernels: Kernels;
    beforeAll(async () => {
      kernels = await createKernels({ mode });
    });
    afterAll(() => kernels.dispose());

    it("gives the gains of two candidates worked out by hand", async () => {
      const s = matrix(Float32Array.of(1, 0.5, 0.25, 2, -1, 3), 3, 2);
      // from nothing: 1 + 0.25 and 0.5 + 2 + 3; the cover of candidate 0 leaves 0 and 1.75 + 3
      expect(Array.from(await kernels.gains(s, [0, 0, 0]))).toEqual([1.25, 5.5]);
      expect(Array.from(await kernels.gains(s, [1, 0.25, 0]))).toEqual([0, 4.75]);
      expect(kernels.mode).toBe(mode);
    });

    it.each(oddShapes)("equals the definition on %i points and %i candidates", async (n, m) => {
      const s = matrix(normal(new Float32Array(n * m), { seed: 10 * n + m }), n, m);
      const cover = normal(new Float32Array(n), { seed: 5 });
      const gains = await kernels.gains(s, cover);
      expect(gains.length).toBe(m);
      for (let j = 0; j < m; j++) {
        let expected = 0;
        for (let i = 0; i < n; i++) expected += Math.max(0, s.get(i, j) - cover[i]);
        expect(Math.abs(gains[j] - expected)).toBeLessThanOrEqual(tolerance * Math.max(1, expected));
      }
    });

    it("agrees with facility location while a set grows", async () => {
      const points = matrix(normal(new Float32Array(61 * 9), { seed: 2 }), 61, 9);
      const s = similarities(points, { metric: "l1" });
      const f = facilityLocation(s);
      const { indices } = maximize(f, { count: 5 });
      const cover = new Float32Array(61);
      const chosen: number[] = [];
      for (const index of indices) {
        const gains = await kernels.gains(s, cover);
        const best = gains.indexOf(Math.max(...gains));
        expect(best).toBe(index);
        const gain = f.value([...chosen, index]) - f.value(chosen);
        expect(Math.abs(gains[index] - gain)).toBeLessThanOrEqual(tolerance * f.value([index]));
        for (let i = 0; i < 61; i++) cover[i] = Math.max(cover[i], s.get(i, index));
        chosen.push(index);
      }
    });

    it("gains nothing where there are no points, and lists nothing where there are no candidates", async () => {
      expect(Array.from(await kernels.gains(matrix(new Float32Array(0), 0, 2), []))).toEqual([0, 0]);
      expect(Array.from(await kernels.gains(matrix(new Float32Array(0), 2, 0), [0, 0]))).toEqual([]);
    });

    it("refuses bad input by name", async () => {
      const s = matrix(Float32Array.of(1, 0.5, 0.5, 1), 2, 2);
      await expect(kernels.gains(s, [0, Number.NaN])).rejects.toThrow(
        new RangeError('gains: "cover" must be finite, got NaN at 1'),
      );
      await expect(kernels.gains(s, [0, 1e300])).rejects.toThrow(
        new RangeError('gains: "cover" must be within float32, got 1e+300 at 1'),
      );
      const held = await kernels.hold(s, { metric: "dot" });
      await expect(held.gains([0, 1e300])).rejects.toThrow('gains: "cover" must be within float32');
      await held.dispose();
      await expect(kernels.gains(s, [0])).rejects.toThrow('gains: "cover" must have 2 entries, got 1');
      await expect(kernels.gains(JSON.parse("1"), [0])).rejects.toThrow(
        new TypeError('gains: "similarity" must be an ndarray, got 1'),
      );
      await expect(kernels.gains(matrix(Float64Array.of(1, 1e300), 1, 2), [0])).rejects.toThrow(
        new RangeError(
          'gains: "similarity" must give sums within float32, got Infinity at 1; scale them down',
        ),
      );
    });
  });
}
