import { uniform } from "@colm/array";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineMedoids } from "../src/line-medoids.ts";

/** Sixty-fourths, so that every sum of distances is exact. */
const lines = fc
  .record({
    n: fc.integer({ min: 1, max: 40 }),
    seed: fc.nat(10_000),
    distinct: fc.integer({ min: 1, max: 200 }),
  })
  .map(({ n, seed, distinct }) =>
    Array.from(uniform(new Float64Array(n), { seed }), (u) => Math.floor(u * distinct) / 64),
  );
const shares = fc.double({ min: 0, max: 1, noNaN: true });

const countOf = (x: number[], share: number) => Math.max(1, Math.round(share * x.length));

/** Facility location from its definition. */
function value(x: number[], chosen: ArrayLike<number>): number {
  const width = Math.max(...x) - Math.min(...x);
  const nearest = (own: number) => Math.max(0, ...Array.from(chosen, (j) => width - Math.abs(own - x[j])));
  return x.reduce((sum, own) => sum + nearest(own), 0);
}

/** The larger index among the best, pick after pick, from the definition. */
function naive(x: number[], count: number): number[] {
  const chosen: number[] = [];
  while (chosen.length < count) {
    const free = x.flatMap((_, j) => (chosen.includes(j) ? [] : [j]));
    const best = Math.max(...free.map((j) => value(x, [...chosen, j])));
    chosen.push(Math.max(...free.filter((j) => value(x, [...chosen, j]) === best)));
  }
  return chosen;
}

const distance = (x: number[], chosen: ArrayLike<number>): number =>
  x.reduce((sum, own) => sum + Math.min(...Array.from(chosen, (j) => Math.abs(own - x[j]))), 0);

describe("lineMedoids", () => {
  it("chooses by hand: the middle of the larger side, then of the other", () => {
    const { indices, sizes } = lineMedoids([10, 11, 12, 13, 0, 1, 2], 2);
    // 10 lies nearest to all, 1 then saves most; 10 and 11 to 13 are one cluster
    expect(Array.from(indices)).toEqual([0, 5]);
    expect(Array.from(sizes)).toEqual([4, 3]);
  });

  it("takes at every pick a point of largest gain", () => {
    fc.assert(
      fc.property(lines, shares, (x, share) => {
        const { indices } = lineMedoids(x, countOf(x, share));
        expect(new Set(indices).size).toBe(countOf(x, share));
        indices.forEach((j, t) => {
          const before = indices.subarray(0, t);
          const gains = x.map((_, other) => value(x, [...before, other]));
          expect(gains[j]).toBe(Math.max(...gains));
        });
      }),
    );
  });

  it("covers no worse than the larger index at every tie", () => {
    fc.assert(
      fc.property(lines, shares, (x, share) => {
        const count = countOf(x, share);
        expect(distance(x, lineMedoids(x, count).indices)).toBeLessThanOrEqual(distance(x, naive(x, count)));
      }),
    );
  });

  it("settles a tie for what follows from it, where the larger index does worse", () => {
    const found = Array.from({ length: 200 }, (_, seed) =>
      Array.from(uniform(new Float64Array(16), { seed }), (u) => Math.floor(u * 200) / 64),
    ).filter((x) => distance(x, lineMedoids(x, 8).indices) < distance(x, naive(x, 8)));
    expect(found.length).toBeGreaterThan(20);
  });

  it("follows the larger index where nothing is left to gain", () => {
    expect(Array.from(lineMedoids([1, 1, -1, 1, -1], 5).indices)).toEqual([3, 4, 2, 1, 0]);
    expect(Array.from(lineMedoids([2, 2, 2], 2).indices)).toEqual([2, 1]);
  });

  it("counts every point once, the chosen for themselves", () => {
    fc.assert(
      fc.property(lines, shares, (x, share) => {
        const { indices, sizes } = lineMedoids(x, countOf(x, share));
        const counted = Array.from(indices, () => 1);
        x.forEach((own, i) => {
          if (indices.includes(i)) return;
          const away = Array.from(indices, (j) => Math.abs(own - x[j]));
          counted[away.indexOf(Math.min(...away))]++;
        });
        expect(Array.from(sizes)).toEqual(counted);
      }),
    );
  });
});
