import { type Matrix, matrix, normal } from "@colm/array";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKernels, type Kernels } from "../src/index.ts";
import { modes } from "./modes.ts";

/** Float32 sums of blocks of 256 terms, relative to the largest squared length. */
const tolerance = 1e-5;

for (const { mode, name, here } of modes) {
  describe.skipIf(!here)(`herdingScores in ${name}`, () => {
    let kernels: Kernels;
    beforeAll(async () => {
      kernels = await createKernels({ mode });
    });
    afterAll(() => kernels.dispose());

    it("gives the scores of the points 0, 2 and 4 worked out by hand", async () => {
      const gram = matrix(Float32Array.of(0, 0, 0, 0, 4, 8, 0, 8, 16), 3, 3);
      const scores = async (chosen: number[], target?: number[]): Promise<number[]> =>
        Array.from(await kernels.herdingScores(gram, chosen, target && { target }), (score) =>
          Math.abs(Math.round(score * 1e4) / 1e4),
        );
      // the mean is 2: alone they leave (2 - 2)^2 ..., beside 4 they leave the means 2, 3 and 4
      expect(await scores([])).toEqual([4, 0, 4]);
      expect(await scores([2])).toEqual([0, 1, 4]);
      // towards 1 = (0 + 2) / 2
      expect(await scores([], [0.5, 0.5, 0])).toEqual([1, 1, 9]);
      expect(kernels.mode).toBe(mode);
    });

    it.each([
      [1, 1, 0],
      [2, 5, 1],
      [17, 257, 6],
      [67, 3, 66],
      [301, 12, 150],
    ])("equals the definition on %i points of %i coordinates, %i chosen", async (n, d, t) => {
      const points = matrix(normal(new Float32Array(n * d), { seed: n + d }), n, d);
      const target = Float64Array.from(
        normal(new Float32Array(n), { seed: 1 }),
        (weight) => Math.abs(weight) / n,
      );
      const chosen = Array.from({ length: t }, (_, k) => n - 1 - k);
      const gram = gramOf(points);
      const actual = await kernels.herdingScores(gram, chosen, { target });
      const largest = Math.max(...Array.from({ length: n }, (_, i) => gram.get(i, i)));
      for (const [i, score] of scores(points, chosen, target).entries()) {
        expect(Math.abs(actual[i] - score)).toBeLessThanOrEqual(tolerance * largest);
      }
    });

    it("scores nothing where there are no points", async () => {
      expect((await kernels.herdingScores(matrix(new Float32Array(0), 0, 0), [])).length).toBe(0);
    });

    it("refuses bad input by name", async () => {
      const gram = matrix(Float32Array.of(1, 0, 0, 1), 2, 2);
      const refused = (m: Matrix, chosen: number[], target?: number[]): Promise<unknown> =>
        kernels.herdingScores(m, chosen, target && { target }).catch((error: unknown) => String(error));
      expect(await refused(matrix(new Float32Array(6), 3, 2), [])).toBe(
        'RangeError: herdingScores: "gram" must be square, got 3 x 2',
      );
      expect(await refused(gram, [2])).toMatch(/^RangeError: herdingScores: "chosen" must .* got 2/);
      expect(await refused(gram, [1, 1])).toMatch(/^RangeError: herdingScores: "chosen" must .* got 1/);
      expect(await refused(gram, [], [1])).toBe(
        'RangeError: herdingScores: "target" must have 2 entries, got 1',
      );
      expect(await refused(matrix(Float64Array.of(1e300), 1, 1), [], [1])).toMatch(
        /^RangeError: herdingScores: "gram" must give sums within float32, got -Infinity at 0/,
      );
    });
  });
}

function gramOf(points: Matrix): Matrix {
  const [n, d] = points.shape;
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < d; k++) out[i * n + j] += points.get(i, k) * points.get(j, k);
    }
  }
  return matrix(out, n, n);
}

/** The scores from the coordinates themselves. */
function scores(points: Matrix, chosen: number[], target: ArrayLike<number>): number[] {
  const [n, d] = points.shape;
  return Array.from({ length: n }, (_, i) => {
    let score = 0;
    for (let k = 0; k < d; k++) {
      let mean = points.get(i, k);
      for (const j of chosen) mean += points.get(j, k);
      let mu = 0;
      for (let j = 0; j < n; j++) mu += target[j] * points.get(j, k);
      score += (mean / (chosen.length + 1) - mu) ** 2;
    }
    return score;
  });
}
