import { matrix, normal } from "@colm/array";
import { facilityLocation, maximize, refine, similarity } from "@colm/submodular";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dyadicProblem, optimum, strided } from "./oracle.ts";

describe("refine", () => {
  it("moves each medoid to the middle of its cluster", () => {
    const s = similarity(matrix(Float32Array.of(0, 1, 2, 10, 11, 12), 6, 1), { metric: "l1" });
    const found = refine(s, [0, 5]);
    expect(Array.from(found.indices)).toEqual([1, 4]);
    // distances 1, 0, 1 on either side: 6 * 12 - 4
    expect(found.value).toBe(68);
    expect(found.gains.reduce((a, b) => a + b, 0)).toBe(68);
  });

  it("ends at a set that no single swap improves, never below its start or above its bound", () => {
    fc.assert(
      fc.property(dyadicProblem, ({ s, count }) => {
        const f = facilityLocation(s);
        const start = Array.from({ length: count }, (_, j) => j);
        const found = refine(s, start);
        expect(new Set(found.indices).size).toBe(count);
        expect(found.value).toBe(f.value(found.indices));
        expect(found.value).toBeGreaterThanOrEqual(f.value(start));
        expect(found.upperBound).toBeGreaterThanOrEqual(optimum(f, count));
        for (let t = 0; t < count; t++) {
          for (let j = 0; j < f.size; j++) {
            if (found.indices.includes(j)) continue;
            expect(f.value(found.indices.with(t, j))).toBeLessThanOrEqual(found.value);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("improves greedy on data without clusters, reads any strides, and leaves its input alone", () => {
    const s = similarity(matrix(normal(new Float32Array(80 * 3), { seed: 4 }), 80, 3), { metric: "l2" });
    const { indices, value } = maximize(facilityLocation(s), { count: 8 });
    const before = [s.data.slice(), indices.slice()];
    const found = refine(s, indices);
    expect(found.value).toBeGreaterThan(value);
    expect(refine(strided(s), indices)).toEqual(found);
    expect([s.data, indices]).toEqual(before);
  });

  it("has nothing to swap when all or none are chosen", () => {
    const s = matrix(Float32Array.of(2, 1, 1, 2), 2, 2);
    expect(refine(s, [])).toMatchObject({ value: 0, upperBound: 0, evaluations: 0 });
    expect(refine(s, [1, 0])).toMatchObject({ value: 4, upperBound: 4, evaluations: 0 });
  });

  it("refuses bad starts, and stops when it is told to", () => {
    const s = matrix(Float32Array.of(2, 1, 1, 2), 2, 2);
    expect(() => refine(s, [2])).toThrow(
      new RangeError('refine: "indices" must be integers in [0, 2), got 2 at 0'),
    );
    expect(() => refine(s, [0, 0])).toThrow(
      new RangeError('refine: "indices" must be distinct, got 0 again at 1'),
    );
    const stop = new AbortController();
    stop.abort(new Error("enough"));
    expect(() => refine(s, [0], { signal: stop.signal })).toThrow("enough");
  });
});
