import { matrix, normal } from "@colm/array";
import { describe, expect, it } from "vitest";
import { coefficientStatistics, type DirectionalGradients, spsa } from "../src/index.ts";

const estimate = (coefficients: number[], n: number, q: number): DirectionalGradients => ({
  coefficients: matrix(Float32Array.from(coefficients), n, q),
  dimension: 4,
  seed: 1,
  step: 0,
});

describe("coefficientStatistics", () => {
  it("does the worked example", () => {
    // the third row equals the first, the fourth is dropped
    const g = estimate([1, 2, 5, 2, 1, 2, Number.NaN, 7], 4, 2);
    const statistics = coefficientStatistics(g);
    expect(statistics).toMatchObject({ examples: 3, dropped: 1, unresolved: 0, warning: null });
    expect(statistics.mean[0]).toBeCloseTo(7 / 3, 12);
    // ((4/3)^2 + (8/3)^2 + (4/3)^2) / 2 = 16/3
    expect(statistics.variance[0]).toBeCloseTo(16 / 3, 12);
    expect([statistics.mean[1], statistics.variance[1]]).toEqual([2, 0]);
    expect(statistics.ties).toBeCloseTo(1 / 3, 12);
  });

  it("finds the mean and variance of normal draws", () => {
    const g = estimate([...normal(new Float32Array(20_000), { seed: 3 })], 10_000, 2);
    const { mean, variance, ties } = coefficientStatistics(g);
    // five standard errors
    for (const x of mean) expect(Math.abs(x)).toBeLessThan(5 / 100);
    for (const x of variance) expect(Math.abs(x - 1)).toBeLessThan((5 * Math.SQRT2) / 100);
    expect(ties).toBe(0);
  });

  it("warns when differences drown in the spacing of float32, and tells what to do by a larger epsilon", async () => {
    const loss = (theta: Float32Array): Float32Array =>
      Float32Array.from([1000, 2000, 3000], (level) => level + theta[0]);
    const theta = new Float32Array(1);
    const fine = { seed: 2, epsilon: 1e-6, directions: 8 };
    const lost = coefficientStatistics(await spsa(loss, theta, fine), { distance: 2e-6 });
    expect(lost.warning).toBe("underflow");
    expect(lost.unresolved).toBe(1);
    const coarse = { ...fine, epsilon: 1 };
    expect(coefficientStatistics(await spsa(loss, theta, coarse), { distance: 2 }).warning).toBeNull();
  });

  it("counts what is within the spacing of the losses when they are given", () => {
    // losses in [4, 8) are 2^-21 apart; differences of 2^-21 and of 2^-20
    const g = estimate([2 ** -10, 2 ** -9], 2, 1);
    const options = { losses: [5, 5], distance: 2 ** -11 };
    expect(coefficientStatistics(g, options)).toMatchObject({ unresolved: 0.5, warning: null });
    expect(coefficientStatistics(g, { ...options, losses: [5, 9] })).toMatchObject({
      unresolved: 1,
      warning: "underflow",
    });
    expect(coefficientStatistics(g, { distance: 2 ** -11 }).unresolved).toBe(0);
  });

  it("does not look at the losses of dropped examples, and copes with none left", () => {
    const g = estimate([1, Number.NaN], 2, 1);
    expect(coefficientStatistics(g, { losses: [1, Number.NaN] })).toMatchObject({ examples: 1, dropped: 1 });
    const none = coefficientStatistics(estimate([Number.NaN], 1, 1));
    expect(none).toEqual({
      examples: 0,
      dropped: 1,
      mean: Float64Array.of(0),
      variance: Float64Array.of(0),
      ties: 0,
      unresolved: 0,
      warning: null,
    });
  });

  it("takes 0 and -0 for the same", () => {
    expect(coefficientStatistics(estimate([0, -0], 2, 1))).toMatchObject({ ties: 0.5, unresolved: 1 });
  });

  it("says what is wrong", () => {
    const g = estimate([1, 2], 2, 1);
    expect(() => coefficientStatistics(g, { losses: [1] })).toThrow(
      new RangeError('coefficientStatistics: "losses" must have 2 entries, one for each example, got 1'),
    );
    expect(() => coefficientStatistics(g, { losses: [1, Number.NaN] })).toThrow(
      new RangeError('coefficientStatistics: "losses" must be finite, got NaN at 1'),
    );
    expect(() => coefficientStatistics(g, { distance: 0 })).toThrow(
      new RangeError('coefficientStatistics: "distance" must be finite and above 0, got 0'),
    );
  });
});
