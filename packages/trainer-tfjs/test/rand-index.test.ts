import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adjustedRandIndex } from "../src/index.ts";

describe("adjustedRandIndex", () => {
  it("is the value worked out by hand", () => {
    // table [[2, 1], [0, 3]]: together 1 + 3 = 4, A = 3 + 3, B = 1 + 6, chance 6 * 7 / 15
    const chance = (6 * 7) / 15;
    expect(adjustedRandIndex([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 1, 1])).toBeCloseTo(
      (4 - chance) / (6.5 - chance),
      12,
    );
  });

  it("is 1 for the same partition under other names, symmetric, and 0 for one cluster beside two", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: 30 }), (labels) => {
        const a = labels.map(([first]) => first);
        const b = labels.map(([, second]) => second);
        expect(
          adjustedRandIndex(
            a,
            a.map((label) => 9 - label),
          ),
        ).toBe(1);
        expect(adjustedRandIndex(a, b)).toBe(adjustedRandIndex(b, a));
        expect(adjustedRandIndex(a, b)).toBeLessThanOrEqual(1);
      }),
    );
    expect(adjustedRandIndex([0, 0, 0, 0], [0, 0, 1, 1])).toBe(0);
  });

  it("refuses partitions of other items", () => {
    expect(() => adjustedRandIndex([0, 1], [0])).toThrow(
      new RangeError('adjustedRandIndex: "b" must have as many labels as "a", at least 1, got 1 and 2'),
    );
  });
});
