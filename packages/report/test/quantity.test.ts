import { describe, expect, it } from "vitest";
import { bytes, percent, percentPoints, seconds, signed } from "../src/quantity.ts";

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

  it("shares and differences", () => {
    expect(percent(0.1234)).toBe("12.3 %");
    expect(signed(percentPoints(0.0125), 0.0125)).toBe("+1.3 points");
    expect(signed("-0.5", -0.5)).toBe("−0.5");
  });
});
