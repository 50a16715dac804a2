import { matrix, normal } from "@colm/array";
import { describe, expect, it } from "vitest";
import { compare } from "../src/compare.ts";
import { growFacility } from "../src/facility-evaluator.ts";
import { keepGains, plainGains } from "../src/kept-gains.ts";
import type { Metric } from "../src/metric.ts";
import { plainTiles, rowLengths, withTiles } from "../src/pair-tiles.ts";
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
