import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clipByGlobalNorm, globalNorm } from "../src/index.ts";

const some = fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: 1, maxLength: 9 });

describe("clipByGlobalNorm", () => {
  it("scales all parameters by one factor", () => {
    const gradients = new Map([
      ["a", Float32Array.of(3)],
      ["b", Float32Array.of(0, 4)],
    ]);
    const clipped = clipByGlobalNorm(gradients, { maxNorm: 1 });
    expect(clipped.norm).toBe(5);
    expect(clipped.gradients.get("a")?.[0]).toBeCloseTo(0.6, 6);
    expect(clipped.gradients.get("b")?.[1]).toBeCloseTo(0.8, 6);
    expect(gradients.get("a")?.[0]).toBe(3);
  });

  it("never exceeds the bound and leaves small gradients as they are", () => {
    fc.assert(
      fc.property(some, some, fc.double({ min: 0.25, max: 16, noNaN: true }), (a, b, maxNorm) => {
        const gradients = new Map([
          ["a", Float32Array.from(a)],
          ["b", Float32Array.from(b)],
        ]);
        const { gradients: clipped, norm } = clipByGlobalNorm(gradients, { maxNorm });
        expect(globalNorm(clipped)).toBeLessThanOrEqual(maxNorm * (1 + 1e-6));
        if (norm < maxNorm - 1e-5) expect(clipped).toEqual(gradients);
      }),
    );
  });

  it("scales nothing without a bound, and shows NaN as the norm", () => {
    const gradients = new Map([["a", Float32Array.of(1e8)]]);
    expect(clipByGlobalNorm(gradients, { maxNorm: Infinity }).gradients).toEqual(gradients);
    expect(globalNorm(new Map([["a", Float32Array.of(Number.NaN)]]))).toBeNaN();
    expect(globalNorm(new Map())).toBe(0);
  });

  it("refuses a bound that is not above 0", () => {
    expect(() => clipByGlobalNorm(new Map(), { maxNorm: 0 })).toThrow(
      new RangeError('clipByGlobalNorm: "maxNorm" must be a number above 0, got 0'),
    );
  });
});
