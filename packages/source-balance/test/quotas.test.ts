import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type QuotaOptions, quotas } from "../src/index.ts";
import { budgetCases, hasGolden } from "./golden.ts";

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

const counts = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 14 });
const countsAndBudget = counts.chain((sizes) =>
  fc.tuple(fc.constant(sizes), fc.integer({ min: 0, max: sum(sizes) })),
);
const settings = fc.constantFrom<QuotaOptions>(
  {},
  { rounding: "ceil" },
  { rounding: "largest-remainder" },
  { strategy: "balanced", seed: 5 },
  { strategy: "equal" },
);

describe("quotas", () => {
  it("rounds down and gives the rest to the smallest quotas, the lower source first", () => {
    // 17, 22 and 12 of 51 at a budget of 3: 1, 1.29 and 0.71
    expect(quotas([17, 22, 12], 3)).toEqual(Int32Array.of(1, 1, 1));
    // 6.6, 6.6 and 0.8 of 14
    expect(quotas([33, 33, 4], 14)).toEqual(Int32Array.of(7, 6, 1));
  });

  it("rounds up and takes the surplus from the largest quotas, the higher source first", () => {
    expect(quotas([33, 33, 4], 14, { rounding: "ceil" })).toEqual(Int32Array.of(7, 6, 1));
    expect(quotas([1, 1, 1], 1, { rounding: "ceil" })).toEqual(Int32Array.of(1, 0, 0));
  });

  it("gives what is missing to the largest remainders, the lower source of equals", () => {
    // 3.89, 2.33 and 0.78 of 9 at a budget of 7
    expect(quotas([5, 3, 1], 7, { rounding: "largest-remainder" })).toEqual(Int32Array.of(4, 2, 1));
    expect(quotas([2, 2, 2], 4, { rounding: "largest-remainder" })).toEqual(Int32Array.of(2, 1, 1));
  });

  it("is within 1 of the exact share by largest remainders, and nearer in sum than rounding down", () => {
    fc.assert(
      fc.property(countsAndBudget, ([sizes, budget]) => {
        const total = Math.max(1, sum(sizes));
        const distance = (shares: Int32Array) =>
          sum(Array.from(shares, (share, s) => Math.abs(share - (sizes[s] * budget) / total)));
        const shares = quotas(sizes, budget, { rounding: "largest-remainder" });
        shares.forEach((share, s) => {
          expect(Math.abs(share - (sizes[s] * budget) / total)).toBeLessThan(1);
        });
        // sums of quotients, hence the rounding
        expect(distance(shares)).toBeLessThanOrEqual(distance(quotas(sizes, budget)) + 1e-9);
      }),
    );
  });

  it("gives every source the same as far as it has that many", () => {
    expect(quotas([9, 2, 9], 12, { strategy: "equal" })).toEqual(Int32Array.of(5, 2, 5));
    expect(quotas([9, 9, 9], 4, { strategy: "equal" })).toEqual(Int32Array.of(2, 1, 1));
  });

  it("passes over sources that have nothing to offer", () => {
    expect(quotas([0, 5, 5], 5)).toEqual(Int32Array.of(0, 3, 2));
    expect(quotas([0, 0], 0)).toEqual(Int32Array.of(0, 0));
  });

  it("always spends exactly the budget and never more than a source has", () => {
    fc.assert(
      fc.property(countsAndBudget, settings, ([sizes, budget], options) => {
        const result = quotas(sizes, budget, options);
        expect(sum(result)).toBe(budget);
        result.forEach((quota, s) => {
          expect(quota).toBeGreaterThanOrEqual(0);
          expect(quota).toBeLessThanOrEqual(sizes[s]);
        });
      }),
    );
  });

  it("rounds balanced shares to a neighbour, the same for the same seed", () => {
    fc.assert(
      fc.property(countsAndBudget, fc.nat(), ([sizes, budget], seed) => {
        const result = quotas(sizes, budget, { strategy: "balanced", seed });
        expect(quotas(sizes, budget, { strategy: "balanced", seed })).toEqual(result);
        const total = Math.max(sum(sizes), 1);
        result.forEach((quota, s) => {
          expect(quota).toBeGreaterThanOrEqual(Math.floor((sizes[s] * budget) / total));
          expect(quota).toBeLessThanOrEqual(Math.ceil((sizes[s] * budget) / total));
        });
      }),
    );
  });

  it("meets proportional shares on average when balanced", () => {
    const sizes = [10, 7, 3, 1];
    const mean = [0, 0, 0, 0];
    const draws = 4000;
    for (let seed = 0; seed < draws; seed++) {
      quotas(sizes, 10, { strategy: "balanced", seed }).forEach((quota, s) => {
        mean[s] += quota / draws;
      });
    }
    // a share's standard error is at most 0.5 / sqrt(4000) = 0.008; four of them
    for (const [s, size] of sizes.entries()) {
      expect(Math.abs(mean[s] - (size * 10) / 21)).toBeLessThan(0.032);
    }
  });

  it("does not care about the order of the sources when equal", () => {
    fc.assert(
      fc.property(countsAndBudget, ([sizes, budget]) => {
        const there = quotas(sizes, budget, { strategy: "equal" }).sort();
        const back = quotas(sizes.toReversed(), budget, { strategy: "equal" }).sort();
        expect(back).toEqual(there);
      }),
    );
  });

  it.each([
    [
      () => quotas([3, 4], 8),
      new RangeError('quotas: "budget" must be at most the 7 examples of all sources, got 8'),
    ],
    [
      () => quotas([3, 4], -1),
      new RangeError('quotas: "budget" must be an integer in [0, 2147483647], got -1'),
    ],
    [
      () => quotas([3, 0.5], 1),
      new RangeError('quotas: "counts" must be integers of at least 0, got 0.5 at 1'),
    ],
    [() => quotas([3, Number.NaN], 1), new RangeError('quotas: "counts" must be finite, got NaN at 1')],
    [
      () => quotas([2 ** 40], 2 ** 14),
      new RangeError(
        'quotas: "budget" times the sum of "counts" must be below 2^53, got 16384 x 1099511627776',
      ),
    ],
    [
      () => quotas([3], 1, { strategy: "balanced" }),
      new TypeError('quotas: "seed" must be a number, got undefined'),
    ],
    [
      // @ts-expect-error an unknown strategy
      () => quotas([3], 1, { strategy: "fair" }),
      new RangeError('quotas: "strategy" must be "proportional", "balanced" or "equal", got "fair"'),
    ],
    [
      // @ts-expect-error an unknown rounding
      () => quotas([3], 1, { rounding: "round" }),
      new RangeError('quotas: "rounding" must be "floor", "ceil" or "largest-remainder", got "round"'),
    ],
    [
      () => Reflect.apply(quotas, undefined, [[1], 1, null]),
      new TypeError('quotas: "options" must be an object, got null'),
    ],
  ])("refuses bad input: %#", (call, error) => {
    expect(call).toThrow(error);
  });
});

describe.skipIf(!hasGolden)("the reference's shares (needs ../shared/golden/colm)", () => {
  it("agree in every recorded case", () => {
    for (const { counts: sizes, budget, ...expected } of budgetCases()) {
      expect(Array.from(quotas(sizes, budget))).toEqual(expected.proportional_floor);
      expect(Array.from(quotas(sizes, budget, { rounding: "ceil" }))).toEqual(expected.proportional_ceil);
      const balanced = quotas(sizes, budget, { strategy: "balanced", seed: budget });
      balanced.forEach((quota, s) => {
        expect(quota).toBeGreaterThanOrEqual(expected.floor[s]);
        expect(quota).toBeLessThanOrEqual(expected.ceil[s]);
      });
    }
  });
});
