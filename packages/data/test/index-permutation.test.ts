import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { permuted } from "../src/index-permutation.ts";

const order = (size: number, key: { seed: number; stream: number; pass: number }): number[] =>
  Array.from({ length: size }, (_, place) => permuted(place, size, key));

const keys = fc.record({
  seed: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  stream: fc.nat({ max: 1000 }),
  pass: fc.nat({ max: 1000 }),
});

describe("permuted", () => {
  it("gives every item once", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), keys, (size, key) => {
        expect(order(size, key).toSorted((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i));
      }),
    );
  });

  it("depends on seed, stream and pass", () => {
    const key = { seed: 1, stream: 0, pass: 0 };
    const first = order(100, key);
    expect(order(100, key)).toEqual(first);
    for (const other of [{ seed: 2 ** 32 + 1 }, { seed: 2 }, { stream: 1 }, { pass: 1 }]) {
      expect(order(100, { ...key, ...other })).not.toEqual(first);
    }
  });

  it("finds an item among two thousand million", () => {
    const size = 2 ** 31 - 1;
    const seen = new Set(
      Array.from({ length: 1000 }, (_, i) => permuted(i, size, { seed: 3, stream: 0, pass: 0 })),
    );
    expect(seen.size).toBe(1000);
    expect([...seen].every((item) => item >= 0 && item < size)).toBe(true);
  });

  it("puts each item at each place about equally often", () => {
    for (const size of [2, 3, 5, 8]) {
      const passes = 4000;
      const counts = new Float64Array(size * size);
      for (let pass = 0; pass < passes; pass++) {
        for (const [place, item] of order(size, { seed: 5, stream: 0, pass }).entries())
          counts[place * size + item]++;
      }
      const wanted = passes / size;
      const chi = counts.reduce((sum, count) => sum + (count - wanted) ** 2 / wanted, 0);
      // (size - 1)² degrees of freedom; three deviations above the mean, drawn from a fixed seed
      const freedom = (size - 1) ** 2;
      expect(chi).toBeLessThan(freedom + 3 * Math.sqrt(2 * freedom));
    }
  });

  it("gives neighbours no neighbouring places", () => {
    const size = 1000;
    let same = 0;
    let correlation = 0;
    const items = order(size, { seed: 9, stream: 0, pass: 0 });
    for (let i = 1; i < size; i++) {
      if (items[i] === items[i - 1] + 1) same++;
      correlation += ((items[i] - 499.5) * (items[i - 1] - 499.5)) / (size * ((size ** 2 - 1) / 12));
    }
    expect(same).toBeLessThan(8);
    expect(Math.abs(correlation)).toBeLessThan(0.1);
  });
});
