import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { smallSources } from "../src/index.ts";

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
