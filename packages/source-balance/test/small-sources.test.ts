import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explainBoundary, smallSources } from "../src/index.ts";

describe("smallSources", () => {
  it("finds EuroParl, HackerNews and NIH small in the Pile's five sources", () => {
    // the mean of 2.8, 28.2, 5.0, 3.4 and 60.6 percent is 20
    expect(smallSources([2.8, 28.2, 5.0, 3.4, 60.6])).toEqual([true, false, true, true, false]);
  });

  it("compares strictly: a source at the mean is big", () => {
    expect(smallSources([2, 4, 6])).toEqual([true, false, false]);
  });

  it("calls none of equal sources small, whatever the rounding of their sum", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom("mean" as const, "median" as const, "quantile" as const),
        (count, sources, rule) => {
          const counts = new Array<number>(sources).fill(count);
          expect(smallSources(counts, { rule })).not.toContain(true);
        },
      ),
    );
  });

  it("compares with the exact mean, whatever the order", () => {
    // 0.1 + 0.2 + 0.3 is 0.6000000000000001 from the left and 0.6 from the right
    expect(smallSources([0.1, 0.2, 0.3])).toEqual([true, false, false]);
    expect(smallSources([0.3, 0.2, 0.1])).toEqual([false, false, true]);
    const counts = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(counts, (sizes) => {
        expect(smallSources(sizes.toReversed())).toEqual(smallSources(sizes).toReversed());
        for (const rule of ["mean", "share"] as const) {
          const { threshold = 0, small } = explainBoundary(sizes, { rule });
          expect(small).toEqual(sizes.map((size) => size < threshold));
        }
      }),
    );
  });

  it("takes shares for the counts that they are shares of, in any unit", () => {
    expect(smallSources([1 / 6, 1 / 3, 1 / 2])).toEqual([true, false, false]);
    const counts = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 20 });
    const units = fc.constantFrom(0.1, 0.01, 1 / 3, 1e-9, 1e300);
    fc.assert(
      fc.property(counts, units, (sizes, unit) => {
        const c = sizes.length;
        const sum = sizes.reduce((a, b) => a + b, 0);
        const expected = sizes.map((size) => size * c < sum);
        expect(smallSources(sizes)).toEqual(expected);
        expect(smallSources(sizes.map((size) => size * unit))).toEqual(expected);
        if (sum > 0) expect(smallSources(sizes.map((size) => (100 * size) / sum))).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("tells large integers apart", () => {
    // the sum of these needs 55 bits
    const counts = [2 ** 53, 2 ** 53, 2 ** 53 - 1, 2 ** 53];
    expect(smallSources(counts)).toEqual([false, false, true, false]);
    expect(smallSources([2 ** 53, 2 ** 53 + 2])).toEqual([true, false]);
  });

  it("draws the line at the median, a quantile, a share or a list", () => {
    const counts = [1, 2, 3, 4, 90];
    expect(smallSources(counts, { rule: "median" })).toEqual([true, true, false, false, false]);
    expect(smallSources(counts, { rule: "quantile" })).toEqual([true, false, false, false, false]);
    // order 0.9 lies 0.6 of the way from 4 to 90: 55.6
    expect(smallSources(counts, { rule: "quantile", value: 0.9 })).toEqual([true, true, true, true, false]);
    expect(smallSources(counts, { rule: "share", value: 0.03 })).toEqual([true, true, false, false, false]);
    expect(smallSources(counts, { rule: "explicit", value: [4, 0] })).toEqual([
      true,
      false,
      false,
      false,
      true,
    ]);
  });

  it("does not depend on the unit of the counts", () => {
    const counts = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(counts, (sizes) => {
        expect(smallSources(sizes.map((size) => size * 8))).toEqual(smallSources(sizes));
      }),
    );
  });

  it("leaves the counts alone and treats a single or an empty source as it should", () => {
    const counts = Object.freeze([3, 0]);
    expect(smallSources(counts)).toEqual([false, true]);
    expect(smallSources([7])).toEqual([false]);
    expect(smallSources([0, 0])).toEqual([false, false]);
  });

  it.each([
    [() => smallSources([]), new RangeError('smallSources: "counts" must have at least 1 entry, got 0')],
    [() => smallSources([1, -2]), new RangeError('smallSources: "counts" must be at least 0, got -2 at 1')],
    [
      () => smallSources([1, Number.NaN]),
      new RangeError('smallSources: "counts" must be finite, got NaN at 1'),
    ],
    [
      () => smallSources([1.5e308, 1.5e308, 1e308]),
      new RangeError('smallSources: "counts" must have a finite sum, got Infinity'),
    ],
    [
      () => Reflect.apply(smallSources, undefined, [[1], null]),
      new TypeError('smallSources: "options" must be an object, got null'),
    ],
    [
      () => smallSources([1], { rule: "quantile", value: 2 }),
      new RangeError('smallSources: "value" must be in [0, 1], got 2'),
    ],
    [
      () => smallSources([1], { rule: "share", value: [0] }),
      new TypeError('smallSources: "value" must be a number, got an array of 1'),
    ],
    [
      () => smallSources([1], { value: 0.5 }),
      new TypeError('smallSources: "value" must be absent for the rule "mean", got 0.5'),
    ],
    [
      () => smallSources([1], { rule: "explicit" }),
      new TypeError(
        'smallSources: "value" must list the ids of the small sources for the rule "explicit", got undefined',
      ),
    ],
    [
      () => smallSources([1], { rule: "explicit", value: [1] }),
      new RangeError('smallSources: "value" must be integers in [0, 1), got 1 at 0'),
    ],
    [
      // @ts-expect-error an unknown rule
      () => smallSources([1], { rule: "mode" }),
      new RangeError(
        'smallSources: "rule" must be "mean", "median", "quantile", "share" or "explicit", got "mode"',
      ),
    ],
  ])("refuses bad input: %#", (call, error) => {
    expect(call).toThrow(error);
  });
});
