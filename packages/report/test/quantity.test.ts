import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytes, percent, percentPoints, seconds, signed, tick } from "../src/quantity.ts";
import { linearScale, shareScale, spanScale } from "../src/scale.ts";

describe("quantities", () => {
  it.each([
    [0, "0 s"],
    [0.0042, "4.2 ms"],
    [0.25, "250 ms"],
    [1.234, "1.23 s"],
    [12.34, "12.3 s"],
    [150, "2.5 min"],
    [null, "–"],
  ])("%s seconds are %s", (value, text) => {
    expect(seconds(value)).toBe(text);
  });

  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [123_456_789, "123 MB"],
    [2.5e9, "2.5 GB"],
    [null, "–"],
  ])("%s bytes are %s", (value, text) => {
    expect(bytes(value)).toBe(text);
  });

  it("shares, differences and ticks", () => {
    expect(percent(0.1234)).toBe("12.3 %");
    expect(signed(percentPoints(0.0125), 0.0125)).toBe("+1.3 points");
    expect(signed("-0.5", -0.5)).toBe("−0.5");
    expect(tick(0.30000000000000004, 0.1)).toBe("0.3");
    expect(tick(150, 50)).toBe("150");
  });
});

describe("scales", () => {
  it("widens to round values, and leaves the end of a span where the data end", () => {
    const y = linearScale([1.23, 2.87], 100, 0, 4);
    expect(y.ticks).toEqual([1, 1.5, 2, 2.5, 3]);
    expect([y.at(1), y.at(3)]).toEqual([100, 0]);
    const x = spanScale([120], 0, 60, 5);
    expect(x.ticks).toEqual([0, 50, 100]);
    expect(x.at(120)).toBe(60);
  });

  it("shares are on square roots", () => {
    const { at, ticks } = shareScale(0.64, 0, 80);
    expect([at(0), at(0.16), at(0.64)]).toEqual([0, 40, 80]);
    expect(ticks).toEqual([0, 0.01, 0.05, 0.1, 0.2, 0.4, 0.6]);
  });

  it("places all values inside, in order, with at most 12 ticks", () => {
    const value = fc.double({ min: 0, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), (values) => {
        const scale = linearScale(values, 0, 100, 5);
        for (const v of values) {
          // rounding of (v - first) / reach
          expect(scale.at(v)).toBeGreaterThanOrEqual(-1e-6);
          expect(scale.at(v)).toBeLessThanOrEqual(100 + 1e-6);
        }
        expect(scale.ticks.length).toBeLessThanOrEqual(12);
      }),
    );
  });
});
