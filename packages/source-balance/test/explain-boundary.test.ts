import { describe, expect, it } from "vitest";
import { explainBoundary } from "../src/index.ts";

describe("explainBoundary", () => {
  it("says who is small, from where on, and who would flip", () => {
    const report = explainBoundary([133, 60, 2, 5]);
    expect(report).toMatchObject({ rule: "mean", threshold: 50, total: 200, skew: 66.5 });
    expect(report.sources).toEqual([
      { source: 0, count: 133, share: 0.665, small: false, flipsUnder: [] },
      { source: 1, count: 60, share: 0.3, small: false, flipsUnder: [] },
      { source: 2, count: 2, share: 0.01, small: true, flipsUnder: [] },
      { source: 3, count: 5, share: 0.025, small: true, flipsUnder: ["quantile"] },
    ]);
    // quantile 0.25 lies 0.75 of the way from 2 to 5; the share is 0.05 of 200
    expect(report.alternatives).toEqual([
      { rule: "median", threshold: 32.5, small: [false, false, true, true], flips: [] },
      { rule: "quantile", value: 0.25, threshold: 4.25, small: [false, false, true, false], flips: [3] },
      { rule: "share", value: 0.05, threshold: 10, small: [false, false, true, true], flips: [] },
    ]);
  });

  it("has no threshold for a list, and compares it with all four rules", () => {
    const report = explainBoundary([10, 20], { rule: "explicit", value: [1] });
    expect(report).not.toHaveProperty("threshold");
    expect(report.value).toEqual([1]);
    expect(report.alternatives.map(({ rule, flips }) => [rule, flips])).toEqual([
      ["mean", [0, 1]],
      ["median", [0, 1]],
      ["quantile", [0, 1]],
      ["share", [1]],
    ]);
  });

  it("measures the skew among the sources that have examples", () => {
    expect(explainBoundary([0, 3, 300]).skew).toBe(100);
    expect(explainBoundary([0, 0]).skew).toBe(1);
  });

  it("names itself in errors", () => {
    expect(() => explainBoundary([])).toThrow('explainBoundary: "counts" must have at least 1 entry, got 0');
  });
});
