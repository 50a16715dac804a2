import { type Matrix, matrix } from "@colm/array";
import {
  coverage,
  disparityMin,
  disparitySum,
  facilityLocation,
  featureBased,
  graphCut,
  logDeterminant,
  maximize,
  mixture,
  modular,
  restrict,
  type SetFunction,
  saturatedCoverage,
} from "@colm/submodular";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromRows, toRows } from "./dense.ts";
import { optimum, strided, untyped } from "./oracle.ts";

/** Entries k/16 in [0, 1], symmetric: every sum is exact in any order. */
const symmetric: fc.Arbitrary<Matrix> = fc
  .array(fc.integer({ min: 0, max: 16 }), { minLength: 36, maxLength: 36 })
  .map((entries) => {
    const at = (i: number, j: number): number => entries[Math.min(i, j) * 6 + Math.max(i, j)] / 16;
    return matrix(
      Float32Array.from({ length: 36 }, (_, p) => at(Math.floor(p / 6), p % 6)),
      6,
      6,
    );
  });

/** A Gram matrix, so that determinants are of something positive semidefinite. */
const gram = (m: Matrix): Matrix => {
  const rows = toRows(m);
  return fromRows(rows.map((a) => rows.map((b) => a.reduce((sum, x, t) => sum + x * b[t], 0))));
};

/** How each function is made of a 6 x 6 matrix, and how far gains may be off by rounding. */
const makers: Record<string, { make: (m: Matrix) => SetFunction; tolerance: number }> = {
  facilityLocation: { make: (m) => facilityLocation(m), tolerance: 0 },
  "graphCut, little redundancy": { make: (m) => graphCut(m, { lambda: 0.25 }), tolerance: 0 },
  "graphCut, much redundancy": { make: (m) => graphCut(m, { lambda: 2 }), tolerance: 0 },
  saturatedCoverage: { make: (m) => saturatedCoverage(m, { alpha: 0.25 }), tolerance: 0 },
  "featureBased, sqrt": { make: (m) => featureBased(m), tolerance: 1e-12 },
  "featureBased, log": { make: (m) => featureBased(m, { concave: "log" }), tolerance: 1e-12 },
  "featureBased, own": { make: (m) => featureBased(m, { concave: (x) => Math.min(x, 1) }), tolerance: 0 },
  coverage: { make: (m) => coverage(m, { weights: [1, 2, 0, 4, 8, 1] }), tolerance: 1e-12 },
  logDeterminant: { make: (m) => logDeterminant(gram(m)), tolerance: 1e-9 },
  "logDeterminant, small": {
    make: (m) => logDeterminant(gram(m), { regularization: 0.25 }),
    tolerance: 1e-9,
  },
  disparitySum: { make: disparitySum, tolerance: 0 },
  disparityMin: { make: disparityMin, tolerance: 0 },
  modular: { make: (m) => modular(m.data.slice(0, 6).map((x) => x - 0.5)), tolerance: 0 },
  mixture: {
    make: (m) => mixture([facilityLocation(m), graphCut(m), coverage(m)], [2, 1, 0.5]),
    tolerance: 1e-12,
  },
  restrict: { make: (m) => restrict(facilityLocation(m), [5, 1, 3, 0, 2, 4]), tolerance: 0 },
};

describe.each(Object.entries(makers))("%s", (name, { make, tolerance }) => {
  const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 });

  it("has gains that are differences of values, and the flags that it deserves", () => {
    fc.assert(
      fc.property(symmetric, order, (m, items) => {
        const f = make(m);
        const growing = f.start();
        const kept = new Float64Array(6);
        const before = new Float64Array(6).fill(Number.POSITIVE_INFINITY);
        for (let t = 0; t < 6; t++) {
          const set = items.slice(0, t);
          growing.gains?.(kept);
          expect(growing.value ?? f.value(set)).toBeCloseTo(f.value(set), 9);
          for (const j of items.slice(t)) {
            const gain = growing.gain(j);
            expect(Math.abs(gain - (f.value([...set, j]) - f.value(set)))).toBeLessThanOrEqual(tolerance);
            expect(f.start(set).gain(j)).toBeCloseTo(gain, 9);
            if (growing.gains) expect(Math.abs(kept[j] - gain)).toBeLessThanOrEqual(growing.tolerance ?? 0);
            if (f.monotone) expect(gain).toBeGreaterThanOrEqual(-tolerance);
            if (f.submodular) expect(gain).toBeLessThanOrEqual(before[j] + tolerance);
            before[j] = gain;
          }
          growing.add(items[t]);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("has values that no order, stride or second look changes, and leaves its input alone", () => {
    fc.assert(
      fc.property(symmetric, order, (m, items) => {
        const copy = m.data.slice();
        const f = make(m);
        const set = items.slice(0, 3);
        expect(f.value(set.toReversed())).toBeCloseTo(f.value(set), 9);
        if (tolerance === 0 && name !== "modular") expect(make(strided(m)).value(set)).toBe(f.value(set));
        maximize(f, { count: 3 });
        expect(m.data).toEqual(copy);
      }),
      { numRuns: 15 },
    );
  });

  it("is bounded by its certificate", () => {
    fc.assert(
      fc.property(symmetric, fc.integer({ min: 0, max: 6 }), (m, count) => {
        const f = make(m);
        const { upperBound, value, indices } = maximize(f, { count, minGain: f.monotone ? -1 : 0 });
        expect(value).toBeCloseTo(f.value(indices), 9);
        expect(upperBound).toBeGreaterThanOrEqual(optimum(f, count) - tolerance);
      }),
      { numRuns: 15 },
    );
  });
});

describe("worked by hand", () => {
  const s = matrix(Float32Array.of(1, 0.5, 0.25, 0.5, 1, 0, 0.25, 0, 1), 3, 3);

  it("graphCut: column sums less lambda times what is inside", () => {
    const f = graphCut(s, { lambda: 0.5 });
    expect(f.value([0, 1])).toBe(1.75 + 1.5 - 0.5 * (1 + 1 + 2 * 0.5));
    expect([f.monotone, graphCut(s, { lambda: 1 }).monotone]).toEqual([true, false]);
  });

  it("saturatedCoverage: no point counts beyond its share", () => {
    // row sums 1.75, 1.5, 1.25, of which half counts: 0.875, 0.75, 0.625
    const f = saturatedCoverage(s, { alpha: 0.5 });
    expect(f.value([0])).toBe(0.875 + 0.5 + 0.25);
    expect(f.value([0, 1, 2])).toBe(0.875 + 0.75 + 0.625);
  });

  it("featureBased: concave totals of features, nothing rescaled", () => {
    const f = featureBased(matrix(Float32Array.of(4, 0, 5, 16), 2, 2), { weights: [1, 10] });
    expect(f.value([0, 1])).toBe(3 + 40);
    expect(() => untyped(featureBased)(s, { concave: "cube" })).toThrow(
      new RangeError('featureBased: "concave" must be "sqrt", "log" or a function, got "cube"'),
    );
  });

  it("coverage: what is covered with certainty, and by chance", () => {
    const f = coverage(matrix(Float32Array.of(1, 0.5, 0, 0.5), 2, 2));
    expect(f.value([0, 1])).toBe(1 + 0.75);
    expect(() => coverage(matrix(Float32Array.of(1.5), 1, 1))).toThrow(
      new RangeError('coverage: "probabilities" must be in [0, 1], got 1.5 at [0, 0]'),
    );
  });

  it("logDeterminant: the volume of the chosen items", () => {
    // (1 + 1)(1 + 1) - 0.25
    expect(logDeterminant(s).value([0, 1])).toBeCloseTo(Math.log(3.75), 12);
    expect([logDeterminant(s).monotone, logDeterminant(s, { regularization: 0.5 }).monotone]).toEqual([
      true,
      false,
    ]);
  });

  it("logDeterminant: ends where the items span no more, instead of going on with NaN", () => {
    const ones = matrix(new Float32Array(9).fill(1), 3, 3);
    const f = logDeterminant(ones, { regularization: 0 });
    expect(f.value([0, 1])).toBe(Number.NEGATIVE_INFINITY);
    for (const method of ["exact", "lazy"] as const) {
      expect(Array.from(maximize(f, { count: 3, method }).indices)).toEqual([0]);
    }
    const grown = f.start([0, 1]);
    expect([grown.value, grown.gain(2)]).toEqual([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  });

  it("logDeterminant: takes roundings of a length for nothing, in any order", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 6, maxLength: 6 }), (entries) => {
        // three points in the plane span it at most
        const gramOf = (i: number, j: number): number =>
          (entries[2 * i] * entries[2 * j] + entries[2 * i + 1] * entries[2 * j + 1]) / 1e4;
        // none of them nearly along another, which would make more of roundings
        for (const [i, j] of [
          [0, 1],
          [0, 2],
          [1, 2],
        ]) {
          fc.pre(gramOf(i, j) ** 2 < 0.99 * gramOf(i, i) * gramOf(j, j));
        }
        const gram = matrix(
          Float64Array.from({ length: 9 }, (_, p) => gramOf(Math.floor(p / 3), p % 3)),
          3,
          3,
        );
        const f = logDeterminant(gram, { regularization: 0 });
        for (const order of [
          [0, 1, 2],
          [2, 1, 0],
          [1, 2, 0],
        ]) {
          expect(f.value(order)).toBe(Number.NEGATIVE_INFINITY);
          expect(f.start(order).value).toBe(Number.NEGATIVE_INFINITY);
        }
        expect(maximize(f, { count: 3 }).indices.length).toBeLessThan(3);
      }),
    );
  });

  it("mixture: a part without weight says nothing, not even that it is infinite", () => {
    const spanned = logDeterminant(matrix(new Float32Array(4).fill(1), 2, 2), { regularization: 0 });
    const f = mixture([spanned, modular([1, 2])], [0, 1]);
    expect(f.monotone).toBe(true);
    expect(f.value([0, 1])).toBe(3);
    expect(maximize(f, { count: 2 }).gains).toEqual(Float64Array.of(2, 1));
    expect(mixture([modular([1, 2])], [0]).value([1])).toBe(0);
    expect(() => untyped(mixture)()).toThrow(
      new TypeError('mixture: "functions" must be an array, got undefined'),
    );
  });

  it("coverage and featureBased: weights are their own", () => {
    const concepts = matrix(Float32Array.of(1, 1), 1, 2);
    for (const make of [coverage, featureBased]) {
      const weights = [1, 2];
      const f = make(concepts, { weights });
      weights[0] = -100;
      expect(f.value([0])).toBe(3);
    }
  });

  it("disparity: sums and minima of distances, refused for lazy", () => {
    const d = matrix(Float32Array.of(0, 1, 3, 1, 0, 2, 3, 2, 0), 3, 3);
    expect(disparitySum(d).value([0, 1, 2])).toBe(6);
    expect([[], [1], [0, 1], [2, 0, 1]].map((set) => disparityMin(d).value(set))).toEqual([0, 0, 1, 1]);
    expect(() => untyped(maximize)(disparitySum(d), { count: 1, method: "lazy" })).toThrow(
      '"method" must be "exact" or "stochastic" as the function is not submodular, got "lazy"',
    );
    // @ts-expect-error lazy evaluation is refused by the types as well
    expect(() => maximize(disparityMin(d), { count: 1, method: "lazy" })).toThrow(RangeError);
  });

  it("mixture: weighted sums of functions on the same items", () => {
    expect(() => mixture([], [])).toThrow('mixture: "functions" must hold at least one, got 0');
    expect(() => mixture([modular([1]), modular([1, 2])], [1, 1])).toThrow(
      'mixture: "functions" must be on 1 items as the first is, got 2 at 1',
    );
    expect(() => mixture([modular([1])], [-1])).toThrow('mixture: "weights" must be at least 0, got -1 at 0');
    expect(mixture([modular([1]), disparitySum(matrix(new Float32Array(1), 1, 1))], [1, 1]).submodular).toBe(
      false,
    );
  });

  it("refuse what they cannot be made of", () => {
    const wide = matrix(new Float32Array(6), 2, 3);
    const negative = matrix(Float32Array.of(1, -1, -1, 1), 2, 2);
    expect(() => graphCut(wide)).toThrow(new RangeError('graphCut: "similarity" must be square, got 2 x 3'));
    expect(() => graphCut(negative)).toThrow('graphCut: "similarity" must be at least 0, got -1 at [0, 1]');
    expect(() => graphCut(s, { lambda: -1 })).toThrow(
      'graphCut: "lambda" must be finite and at least 0, got -1',
    );
    expect(() => saturatedCoverage(s, { alpha: 0 })).toThrow(
      'saturatedCoverage: "alpha" must be in (0, 1], got 0',
    );
    expect(() => logDeterminant(wide)).toThrow('logDeterminant: "kernel" must be square, got 2 x 3');
    expect(() => disparityMin(negative)).toThrow(
      'disparityMin: "distances" must be at least 0, got -1 at [0, 1]',
    );
    expect(() => modular([1, Number.NaN])).toThrow('modular: "weights" must be finite, got NaN at 1');
    expect(() => featureBased(s, { weights: [1] })).toThrow(
      'featureBased: "weights" must have 3 entries, got 1',
    );
  });
});
