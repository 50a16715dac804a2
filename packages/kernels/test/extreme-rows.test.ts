import { matrix } from "@colm/array";
import { describe, expect, it } from "vitest";
import { createKernels } from "../src/index.ts";
import { modes } from "./modes.ts";

/** 1 - cos of two rows, by hand. */
const apart = (x: readonly number[], y: readonly number[]): number =>
  1 - (x[0] * y[0] + x[1] * y[1]) / (Math.hypot(...x) * Math.hypot(...y));

for (const { mode, name, here } of [...modes, { mode: "auto", name: "auto mode", here: true } as const]) {
  describe.runIf(here)(`rows whose squares leave float64, ${name}`, () => {
    const rows = [
      [1e300, 1],
      [2, 3],
      [3e-300, 4e-300],
      [5e-324, 0],
    ];
    const points = matrix(Float64Array.from(rows.flat()), 4, 2);
    // the smallest numbers of float64 have few digits; lengths do not matter under "cosine"
    const same = [
      [1, 1e-300],
      [2, 3],
      [3, 4],
      [1, 0],
    ];

    it("are no business of targets, nor are numbers that are no options", async () => {
      const kernels = await createKernels({ mode });
      const two = matrix(Float32Array.of(1, 2, 3, 4), 2, 2);
      const target = [1e300, 1];
      const held = await kernels.hold(two, { metric: "dot" });
      await expect(kernels.herding(two, { count: 1, target })).rejects.toThrow(
        new RangeError('herding: "target" must be within float32, got 1e+300 at 0'),
      );
      const beyond = 'herdingScores: "target" must be within float32, got 1e+300 at 0';
      await expect(kernels.herdingScores(two, [0], { target })).rejects.toThrow(beyond);
      await expect(held.herdingScores([0], { target })).rejects.toThrow(beyond);
      const five = JSON.parse("5");
      const refused: [string, Promise<unknown>][] = [
        ["selectMedoids", kernels.selectMedoids(two, five)],
        ["herding", kernels.herding(two, five)],
        ["herdingScores", kernels.herdingScores(two, [0], five)],
        ["hold", kernels.hold(two, five)],
        ["normals", kernels.normals(1, 1, five)],
        ["normalizedFeatures", kernels.normalizedFeatures(five, five, five)],
      ];
      for (const [caller, call] of refused) {
        await expect(call).rejects.toThrow(new TypeError(`${caller}: "options" must be an object, got 5`));
      }
      await held.dispose();
      await kernels.dispose();
    });

    it("are compared by their angles", async () => {
      const kernels = await createKernels({ mode });
      const expected = same.flatMap((x) => same.map((y) => apart(x, y)));
      const distances = await kernels.pairwise(points, "cosine");
      const held = await kernels.hold(points, { metric: "cosine" });
      const medoids = await kernels.selectMedoids(points, { count: 2, metric: "cosine" });
      const plain = matrix(Float64Array.from(same.flat()), 4, 2);
      expect(medoids).toEqual(await kernels.selectMedoids(plain, { count: 2, metric: "cosine" }));
      const row = await held.row(1);
      for (let i = 0; i < 4; i++) {
        for (let j = 0; j < 4; j++) expect(distances.get(i, j)).toBeCloseTo(expected[4 * i + j], 6);
        expect(row[i]).toBeCloseTo(1 - expected[4 + i], 6);
      }
      await held.dispose();
      await kernels.dispose();
    });
  });
}
