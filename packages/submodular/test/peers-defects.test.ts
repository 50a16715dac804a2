import { matrix } from "@colm/array";
import { facilityLocation, featureBased, maximize, modular, similarity } from "@colm/submodular";
import { describe, expect, it } from "vitest";
import { strided, untyped } from "./oracle.ts";

const s = matrix(Float32Array.of(4, 1, 2, 1, 4, 3, 2, 3, 4), 3, 3);
const f = facilityLocation(s);

describe("what goes wrong elsewhere", () => {
  it("strided input gives the same picks", () => {
    expect(maximize(facilityLocation(strided(s)), { count: 2 })).toEqual(maximize(f, { count: 2 }));
  });

  it("all items can be chosen", () => {
    for (const method of ["exact", "lazy"] as const) {
      expect(maximize(f, { count: 3, method }).indices.toSorted()).toEqual(Int32Array.of(0, 1, 2));
    }
  });

  it("an optimiser that does not exist is refused", () => {
    expect(() => untyped(maximize)(f, { count: 1, method: "approximate-lazy" })).toThrow(RangeError);
  });

  it("random samples honour costs", () => {
    const { indices } = maximize(modular([5, 4, 3]), {
      costs: [9, 2, 2],
      budget: 4,
      method: "stochastic",
      seed: 1,
      epsilon: 0.001,
    });
    expect(indices.toSorted()).toEqual(Int32Array.of(1, 2));
  });

  it("features are not rescaled", () => {
    expect(featureBased(matrix(Float32Array.of(100, 0, 0, 1), 2, 2)).value([0])).toBe(10);
  });

  it("nothing is chosen twice when all gains are 0", () => {
    const flat = facilityLocation(matrix(new Float32Array(25), 5, 5));
    for (const method of ["exact", "lazy"] as const) {
      for (const ties of ["low", "high"] as const) {
        expect(new Set(maximize(flat, { count: 5, method, ties }).indices).size).toBe(5);
      }
    }
  });

  it("lazy ends where gains are negative", () => {
    const { indices, gains } = maximize(modular([-1, -3, -2]), { count: 3, method: "lazy" });
    expect(Array.from(indices)).toEqual([0, 2, 1]);
    expect(Array.from(gains)).toEqual([-1, -2, -3]);
  });

  it("negative similarities are allowed, and never count", () => {
    const { value } = maximize(facilityLocation(matrix(Float32Array.of(-1, 2, -3, -4), 2, 2)), { count: 2 });
    expect(value).toBe(2);
  });

  it("NaN is refused, not replaced", () => {
    const bad = matrix(Float32Array.of(1, Number.NaN, 0, 1), 2, 2);
    expect(() => facilityLocation(bad)).toThrow("must be finite, got NaN at [0, 1]");
    expect(() => similarity(bad, { metric: "cosine" })).toThrow("must be finite, got NaN at [0, 1]");
    const zero = matrix(Float32Array.of(1, 2, 0, 0), 2, 2);
    expect(() => similarity(zero, { metric: "cosine" })).toThrow("no zero row");
  });
});
