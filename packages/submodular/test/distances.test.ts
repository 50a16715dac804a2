import { type Matrix, matrix, normal } from "@colm/array";
import { describe, expect, it } from "vitest";
import { distances, similarity } from "../src/index.ts";

describe("distances", () => {
  const points = matrix(normal(new Float32Array(37 * 301), { seed: 2 }), 37, 301);

  it("gives the distances of three points worked out by hand", () => {
    const rows = matrix(Float32Array.of(0, 1, 3, 1, 0, 5), 3, 2);
    expect(Array.from(distances(rows, { metric: "l1" }).data)).toEqual([0, 3, 4, 3, 0, 7, 4, 7, 0]);
    expect(Array.from(distances(rows, { metric: "l2" }).data)).toEqual([0, 3, 4, 3, 0, 5, 4, 5, 0]);
  });

  it.each(["l1", "l2"] as const)(
    "equals the definition in %s, and similarities are what is left to the largest",
    (metric) => {
      const table = distances(points, { metric });
      const top = Math.max(...table.data);
      const turned = similarity(points, { metric });
      for (let i = 0; i < 37; i++) {
        expect(table.get(i, i)).toBe(0);
        for (let j = 0; j < 37; j++) {
          let sum = 0;
          for (let k = 0; k < 301; k++) {
            const d = Math.abs(points.get(i, k) - points.get(j, k));
            sum += metric === "l1" ? d : d * d;
          }
          const expected = metric === "l1" ? sum : Math.sqrt(sum);
          expect(Math.abs(table.get(i, j) - expected)).toBeLessThanOrEqual(1e-6 * expected);
          expect(turned.get(i, j)).toBe(Math.fround(top - table.get(i, j)));
        }
      }
    },
  );

  it("refuses other metrics, entries and sums", () => {
    const ask = (m: Matrix, metric: string) => () => Reflect.apply(distances, undefined, [m, { metric }]);
    expect(ask(points, "dot")).toThrow(new RangeError('distances: "metric" must be "l1" or "l2", got "dot"'));
    expect(ask(matrix(Float32Array.of(Number.NaN), 1, 1), "l1")).toThrow(
      new RangeError('distances: "points" must be finite, got NaN at [0, 0]'),
    );
    expect(ask(matrix(Float32Array.of(0, 3e30), 2, 1), "l2")).toThrow(RangeError);
  });
});
