import { matrix } from "@colm/array";
import { dense, directionalGradients, spsa } from "@colm/spsa";
import { describe, expect, it } from "vitest";
import { createSelector, type FeatureAgreement, featureAgreement, overlap } from "../src/index.ts";
import { reordered, sixteenths } from "./pools.ts";

describe("featureAgreement", () => {
  it("compares distances, not features: by hand", () => {
    const a = matrix(Float32Array.of(0, 1, 3), 3, 1);
    // distances 1 3 2 against 4 3 1: ranks 0 2 1 against 2 1 0
    const b = matrix(Float32Array.of(0, 4, 3), 3, 1);
    const { cosine, spearman } = featureAgreement(a, b);
    expect(cosine).toBeCloseTo((1 * 4 + 3 * 3 + 2 * 1) / Math.sqrt(14 * 26), 12);
    expect(spearman).toBeCloseTo(-0.5, 12);
  });

  it("gives equal distances their mean rank", () => {
    // distances 1 1 0 against 1 2 1: ranks 1.5 1.5 0 against 0.5 2 0.5
    const a = matrix(Float32Array.of(0, 1, 1), 3, 1);
    const b = matrix(Float32Array.of(0, 1, 2), 3, 1);
    expect(featureAgreement(a, b).spearman).toBeCloseTo(0.75 / Math.sqrt(1.5 * 1.5), 12);
  });

  it("does not depend on the unit, however large or small", () => {
    const a = sixteenths(6, 3, 1);
    const b = sixteenths(6, 4, 2);
    for (const unit of [2 ** 300, 2 ** 1000, 2 ** -300, 2 ** -1060]) {
      const scaled = matrix(
        Float64Array.from(a.data, (x) => x * unit),
        6,
        3,
      );
      expect(featureAgreement(scaled, scaled).cosine).toBeCloseTo(1, 12);
      expect(featureAgreement(scaled, b).cosine).toBeCloseTo(featureAgreement(a, b).cosine ?? 0, 12);
      expect(featureAgreement(scaled, b).spearman).toBe(featureAgreement(a, b).spearman);
    }
  });

  it("takes a clone of zeroth-order gradients for what it is a clone of", () => {
    const coefficients = matrix(Float32Array.of(1, -9, 3, 3.5, 2, 0.5, -1, 4), 4, 2).transpose(1, 0);
    const g = directionalGradients(coefficients, { dimension: 100, seed: 1 });
    expect(featureAgreement(structuredClone(g), structuredClone(g))).toEqual(featureAgreement(g, g));
  });

  it("is 1 up to a factor and a shift, whatever the strides, and symmetric", () => {
    const a = sixteenths(7, 3, 1);
    const b = sixteenths(7, 5, 2);
    const moved = matrix(
      Float32Array.from({ length: 21 }, (_, at) => 2 * a.get(at % 7, Math.floor(at / 7)) + 4),
      3,
      7,
    ).transpose(1, 0);
    expect(featureAgreement(a, moved).cosine).toBeCloseTo(1, 12);
    expect(featureAgreement(a, moved).spearman).toBeCloseTo(1, 12);
    expect(featureAgreement(a, b)).toEqual(featureAgreement(b, a));
    const order = [3, 0, 6, 1, 2, 5, 4];
    expect(featureAgreement(reordered(a, order), reordered(b, order)).spearman).toBeCloseTo(
      featureAgreement(a, b).spearman ?? 0,
      12,
    );
  });

  it("has nothing to say of features that are all the same, or of one example", () => {
    const same = matrix(new Float32Array(6), 3, 2);
    const line = matrix(Float32Array.of(0, 1, 3), 3, 1);
    expect(featureAgreement(same, line)).toEqual({ cosine: null, spearman: null });
    const triangle = matrix(Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), 3, 3);
    expect(featureAgreement(triangle, line).spearman).toBeNull();
    expect(featureAgreement(matrix(Float32Array.of(1), 1, 1), matrix(Float32Array.of(2), 1, 1))).toEqual({
      cosine: null,
      spearman: null,
    });
  });

  it("takes estimates as the gradients that they stand for", async () => {
    const targets = sixteenths(6, 4, 5);
    const estimate = await spsa(quadratic(6, 4, 5), new Float32Array(4), { seed: 2, directions: 3 });
    const held = featureAgreement(dense(estimate), targets);
    expect(featureAgreement(estimate, targets).cosine).toBeCloseTo(held.cosine ?? 0, 5);
    expect(featureAgreement(estimate, targets).spearman).toBeCloseTo(held.spearman ?? 0, 5);
  });

  it("refuses what has other rows, or is not finite", () => {
    const a = sixteenths(3, 2, 1);
    expect(() => featureAgreement(a, sixteenths(4, 2, 1))).toThrow(
      new RangeError('featureAgreement: "reference" must have 3 rows as "features" has, got 4'),
    );
    expect(() => featureAgreement(a, matrix(Float32Array.of(1, Number.NaN, 2), 3, 1))).toThrow(
      new RangeError('featureAgreement: "reference" must be finite, got NaN at [1, 0]'),
    );
    expect(() => Reflect.apply(featureAgreement, undefined, [a, null])).toThrow(TypeError);
  });
});

describe("overlap", () => {
  it("is the share of what both have in what either has", () => {
    expect(overlap([0, 1, 2, 3], [2, 3, 4])).toBe(0.4);
    expect(overlap(Int32Array.of(1, 2), [2, 1])).toBe(1);
    expect(overlap([1], [2])).toBe(0);
    expect(overlap([], [])).toBe(1);
  });

  it("refuses what is no choice", () => {
    expect(() => overlap([1, 1], [2])).toThrow(
      new RangeError('overlap: "a" must be distinct, got 1 again at 1'),
    );
    expect(() => overlap([1], [0.5])).toThrow(
      new RangeError('overlap: "b" must be integers in [0, 2147483648), got 0.5 at 0'),
    );
  });
});

/** `L_i(theta) = |theta - y_i|^2 / 2` for the rows y_i of `sixteenths(rows, cols, seed)`: its gradient at 0 is -y_i. */
function quadratic(rows: number, cols: number, seed: number): (theta: Float32Array) => Float32Array {
  const targets = sixteenths(rows, cols, seed);
  return (theta) =>
    Float32Array.from({ length: rows }, (_, i) => {
      let sum = 0;
      for (let j = 0; j < cols; j++) sum += (theta[j] - targets.get(i, j)) ** 2;
      return sum / 2;
    });
}

describe("zeroth-order features of a quadratic, against its gradients", () => {
  const [size, width] = [24, 6];
  const exact = sixteenths(size, width, 9);
  const estimates = (directions: number) =>
    spsa(quadratic(size, width, 9), new Float32Array(width), { seed: 4, directions, epsilon: 0.5 });

  it("agree better the more directions there are, towards 1", async () => {
    const found: FeatureAgreement[] = [];
    for (const directions of [1, 8, 64, 8192]) {
      found.push(featureAgreement(await estimates(directions), exact));
    }
    const of = (key: "cosine" | "spearman") => found.map((agreement) => agreement[key] ?? 0);
    for (const values of [of("cosine"), of("spearman")]) {
      expect(values).toEqual(values.toSorted((a, b) => a - b));
    }
    // the estimate is off by about sqrt(width / q): 0.03
    expect(of("cosine")[3]).toBeGreaterThan(0.999);
    expect(of("spearman")[3]).toBeGreaterThan(0.99);
    expect(of("spearman")[0]).toBeLessThan(0.9);
  });

  it("lead to the same choice when there are enough of them", async () => {
    const selector = createSelector({ mode: "official", budget: 8, adam: false, metric: "l2" });
    const select = async (gradients: Parameters<typeof selector.select>[1]["gradients"]) =>
      (await selector.select(selector.init(), gradients ? { gradients } : {})).indices;
    const wanted = await select(exact);
    const few = overlap(await select(await estimates(1)), wanted);
    expect(overlap(await select(await estimates(32_768)), wanted)).toBe(1);
    expect(few).toBeLessThan(1);
  });
});
