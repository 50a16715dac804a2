import { matrix } from "@colm/array";
import { facilityLocation, graphCut, maximize, modular, type SetFunction } from "@colm/submodular";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dyadicMatrix, subsets, untyped } from "./oracle.ts";

const costed = fc.record({
  s: dyadicMatrix(6, 6),
  costs: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 6, maxLength: 6 }),
  budget: fc.integer({ min: 0, max: 15 }),
});
const grouped = fc.record({
  s: dyadicMatrix(6, 6),
  groups: fc.constantFrom([0, 0, 0, 1, 1, 1], [0, 1, 2, 0, 1, 2], [0, 0, 0, 0, 0, 1]),
  quotas: fc.constantFrom([1, 1, 0], [2, 1, 0], [0, 0, 0], [1, 0, 0]),
});

const bestWhere = (f: SetFunction, fits: (set: number[]) => boolean): number => {
  let best = Number.NEGATIVE_INFINITY;
  for (const set of subsets(f.size, f.size)) if (fits(set)) best = Math.max(best, f.value(set));
  return best;
};
const sumOf = (set: number[], costs: number[]): number => set.reduce((sum, j) => sum + costs[j], 0);

describe("costs and a budget", () => {
  it("has a bound that holds where gains can be negative", () => {
    const f = modular([5, -1, 4]);
    expect(maximize(f, { costs: [1, 1, 1], budget: 2 }).upperBound).toBeGreaterThanOrEqual(9);
    fc.assert(
      fc.property(costed, fc.constantFrom("exact", "lazy"), ({ s, costs, budget }, method) => {
        const cut = graphCut(matrix(Float64Array.from(s.data, Math.abs), 6, 6), { lambda: 0.75 });
        const found = maximize(cut, { costs, budget, method });
        expect(found.upperBound).toBeGreaterThanOrEqual(bestWhere(cut, (set) => sumOf(set, costs) <= budget));
      }),
    );
  });

  it("is never below the best single item, sampled or not", () => {
    const f = modular([100, ...Array.from({ length: 199 }, () => 1)]);
    const costs = [50, ...Array.from({ length: 199 }, () => 1)];
    for (let seed = 0; seed < 20; seed++) {
      expect(maximize(f, { costs, budget: 50, method: "stochastic", seed }).value).toBeGreaterThanOrEqual(
        100,
      );
    }
  });

  it("tells of no more items than there can be, whatever the rounding of the sum of costs", () => {
    const told: number[][] = [];
    const onProgress = (...progress: [number, number]): void => {
      told.push(progress);
    };
    maximize(modular([1, 2, 3]), { costs: [0.1, 0.2, 0.3], budget: 0.6, costRule: "gain", onProgress });
    for (const [done, most] of told) expect(done).toBeLessThanOrEqual(most);
    expect(told.at(-1)).toEqual([3, 3]);
  });

  it("compares gains per cost, gains, and returns the better run", () => {
    // item 0 gains 3 for 3, items 1 and 2 gain 2 for 1 each
    const f = modular([3, 2, 2]);
    const costs = [3, 1, 1];
    expect(Array.from(maximize(f, { costs, budget: 3, costRule: "gain" }).indices)).toEqual([0]);
    expect(Array.from(maximize(f, { costs, budget: 3, costRule: "ratio" }).indices)).toEqual([1, 2]);
    expect(maximize(f, { costs, budget: 3 })).toMatchObject({ value: 4, indices: Int32Array.of(1, 2) });
    // gain per cost falls for a cheap item and then has no room for the good one
    expect(maximize(modular([1, 10]), { costs: [1, 20], budget: 20 }).value).toBe(10);
  });

  it("stays within the budget, below its bound, and does not miss more than the theory allows", () => {
    fc.assert(
      fc.property(costed, fc.constantFrom("exact", "lazy"), ({ s, costs, budget }, method) => {
        const f = facilityLocation(s);
        const found = maximize(f, { costs, budget, method });
        const best = bestWhere(f, (set) => sumOf(set, costs) <= budget);
        expect(sumOf(Array.from(found.indices), costs)).toBeLessThanOrEqual(budget);
        expect(found.upperBound).toBeGreaterThanOrEqual(best);
        // Khuller, Moss & Naor (1999): the better of ratio greedy and the best single item
        expect(found.value).toBeGreaterThanOrEqual(0.5 * (1 - 1 / Math.E) * best);
      }),
    );
  });

  it("is the same lazily, and with equal costs the same as a count", () => {
    fc.assert(
      fc.property(
        costed,
        fc.constantFrom<"ratio" | "gain">("ratio", "gain"),
        ({ s, costs, budget }, costRule) => {
          const f = facilityLocation(s);
          const exact = maximize(f, { costs, budget, costRule });
          expect(maximize(f, { costs, budget, costRule, method: "lazy" }).indices).toEqual(exact.indices);
          const equal = maximize(f, { costs: costs.map(() => 2), budget: 7, costRule });
          expect(equal.indices).toEqual(maximize(f, { count: 3 }).indices);
        },
      ),
    );
  });

  it("falls back on a single item where more would lose", () => {
    const f = graphCut(matrix(Float32Array.of(1, 1, 1, 1), 2, 2), { lambda: 1 });
    expect(maximize(f, { costs: [1, 1], budget: 2 })).toMatchObject({ value: 1, indices: Int32Array.of(0) });
  });
});

describe("groups and quotas", () => {
  it("fills every group under one partition matroid", () => {
    const f = modular([5, 4, 3, 2, 1, 0]);
    const found = maximize(f, { groups: [0, 0, 0, 1, 1, 1], quotas: [1, 2] });
    expect(Array.from(found.indices)).toEqual([0, 3, 4]);
  });

  it("keeps to its quotas, below its bound, at least half of the optimum", () => {
    fc.assert(
      fc.property(grouped, fc.constantFrom("exact", "lazy"), ({ s, groups, quotas }, method) => {
        const f = facilityLocation(s);
        const count = (set: ArrayLike<number>, g: number): number =>
          Array.from(set).filter((j) => groups[j] === g).length;
        const found = maximize(f, { groups, quotas, method });
        for (const [g, quota] of quotas.entries()) {
          expect(count(found.indices, g)).toBe(Math.min(quota, groups.filter((h) => h === g).length));
        }
        const best = bestWhere(f, (set) => quotas.every((quota, g) => count(set, g) <= quota));
        expect(found.upperBound).toBeGreaterThanOrEqual(best);
        expect(found.value).toBeGreaterThanOrEqual(best / 2);
        expect(maximize(f, { groups, quotas, count: 1 }).indices.length).toBe(
          Math.min(1, found.indices.length),
        );
      }),
    );
  });
});

describe("stochastic", () => {
  it("draws every item when samples hold them all", () => {
    fc.assert(
      fc.property(dyadicMatrix(6, 6), fc.integer({ min: 1, max: 6 }), (s, count) => {
        const f = facilityLocation(s);
        const found = maximize(f, { count, method: "stochastic", seed: 3, epsilon: 1e-9 });
        expect(found.indices).toEqual(maximize(f, { count }).indices);
      }),
    );
  });

  it("repeats itself for a seed, differs for another, and keeps within count, costs and bound", () => {
    const f = modular(Array.from({ length: 200 }, (_, j) => (j * 37) % 101));
    const options = { count: 20, method: "stochastic", epsilon: 0.3 } as const;
    const found = maximize(f, { ...options, seed: 1 });
    expect(maximize(f, { ...options, seed: 1 })).toEqual(found);
    expect(maximize(f, { ...options, seed: 2 }).indices).not.toEqual(found.indices);
    expect(new Set(found.indices).size).toBe(20);
    expect(found.upperBound).toBeGreaterThanOrEqual(maximize(f, { count: 20 }).value);
    expect(found.value).toBeGreaterThan(0.5 * found.upperBound);
    const costs = Array.from({ length: 200 }, (_, j) => 1 + (j % 3));
    const cheap = maximize(f, { costs, budget: 9, method: "stochastic", seed: 1 });
    expect(cheap.indices.reduce((sum, j) => sum + costs[j], 0)).toBeLessThanOrEqual(9);
  });
});

describe("limits", () => {
  const refuse = (options: object, message: string): void => {
    expect(() => untyped(maximize)(modular([1, 2]), options)).toThrow(message);
  };
  it("are checked before any work", () => {
    refuse({}, 'maximize: one of "count", "budget" and "quotas" must be given, got none');
    refuse({ costs: [1, 1] }, 'maximize: "budget" must be given with "costs", got undefined');
    refuse({ budget: 1 }, 'maximize: "costs" must be given with "budget", got undefined');
    refuse({ costs: [1, 0], budget: 1 }, 'maximize: "costs" must be above 0, got 0 at 1');
    refuse({ costs: [1, -2], budget: 1 }, 'maximize: "costs" must be above 0, got -2 at 1');
    refuse({ costs: [1], budget: 1 }, 'maximize: "costs" must have 2 entries, got 1');
    refuse({ costs: [1, 1], budget: -1 }, 'maximize: "budget" must be finite and at least 0, got -1');
    refuse(
      { costs: [1, 1], budget: 1, costRule: "min" },
      '"costRule" must be "best", "ratio" or "gain", got "min"',
    );
    refuse({ quotas: [1] }, 'maximize: "groups" must be given with "quotas", got undefined');
    refuse({ groups: [0, 0], quotas: [3] }, 'maximize: "quotas[0]" must be an integer in [0, 2], got 3');
    refuse({ groups: [0, 1], quotas: [1] }, '"groups" must be integers in [0, 1), got 1 at 1');
    refuse({ count: 1, method: "stochastic" }, 'maximize: "seed" must be a number, got undefined');
    refuse({ count: 1, epsilon: 1 }, 'maximize: "epsilon" must be in (0, 1), got 1');
  });
});
