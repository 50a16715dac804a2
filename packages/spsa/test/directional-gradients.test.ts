import { matrix, normal } from "@colm/array";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  dense,
  direction,
  directionalGradients,
  directionSeed,
  finiteRows,
  gatherRows,
  perturbation,
  sameDirections,
} from "../src/index.ts";

const estimate = (q: number, options: { step?: number; fresh?: boolean } = {}) =>
  directionalGradients(matrix(normal(new Float32Array(3 * q), { seed: 5 }), 3, q), {
    dimension: 37,
    seed: 11,
    ...options,
  });

describe("direction", () => {
  it("is stream k of the seed when fixed", () => {
    const z1 = direction(estimate(2, { step: 8 }), 1, 0, new Float32Array(37));
    expect(z1).toEqual(normal(new Float32Array(37), { seed: 11, stream: 1 }));
  });

  it("draws any block alone with the bits of the whole", () => {
    fc.assert(
      fc.property(fc.nat(36), fc.nat(36), fc.boolean(), fc.nat(1e6), (a, b, fresh, step) => {
        const g = estimate(2, { fresh, step });
        const [start, end] = [Math.min(a, b), Math.max(a, b)];
        const whole = direction(g, 1, 0, new Float32Array(37));
        expect(direction(g, 1, start, new Float32Array(end - start))).toEqual(whole.slice(start, end));
      }),
    );
  });

  it("needs nothing but the value: a clone draws the same", () => {
    const g = estimate(2, { fresh: true, step: 3 });
    const clone = structuredClone(g);
    expect(direction(clone, 1, 5, new Float32Array(9))).toEqual(direction(g, 1, 5, new Float32Array(9)));
    expect(dense(clone)).toEqual(dense(g));
  });

  it("takes a value without `fresh` as fixed", () => {
    const { coefficients, dimension, seed } = estimate(1);
    const bare = { coefficients, dimension, seed, step: 7 };
    expect(direction(bare, 0, 0, new Float32Array(4))).toEqual(normal(new Float32Array(4), { seed: 11 }));
    expect(sameDirections(bare, estimate(1))).toBe(true);
    expect(sameDirections(bare, estimate(1, { fresh: true, step: 7 }))).toBe(false);
    expect(sameDirections(estimate(1, { fresh: true, step: 6 }), estimate(1, { fresh: true, step: 7 }))).toBe(
      false,
    );
  });

  it("says what is wrong", () => {
    const g = estimate(2);
    expect(() => direction(g, 2, 0, new Float32Array(1))).toThrow(
      new RangeError('direction: "k" must be an integer in [0, 1], got 2'),
    );
    expect(() => direction(g, 0, 38, new Float32Array(0))).toThrow(
      new RangeError('direction: "start" must be an integer in [0, 37], got 38'),
    );
    expect(() => direction(g, 0, 30, new Float32Array(8))).toThrow(
      new RangeError('direction: "out" must have at most 7 entries from 30 on, got 8'),
    );
  });
});

describe("directionSeed", () => {
  it("is the seed whose streams are the perturbations, fixed or fresh", () => {
    for (const g of [
      estimate(1),
      estimate(1, { fresh: true, step: 6 }),
      estimate(1, { fresh: true, step: 7 }),
    ]) {
      const drawn = normal(new Float32Array(9), { seed: directionSeed(g), stream: 2, start: 3 });
      expect(perturbation(g, 2, 3, new Float32Array(9))).toEqual(drawn);
    }
    expect(directionSeed(estimate(1, { fresh: true, step: 6 }))).not.toBe(
      directionSeed(estimate(1, { fresh: true, step: 7 })),
    );
  });
});

describe("perturbation", () => {
  it("is standard normal when fresh too", () => {
    const z = perturbation(
      { dimension: 40_000, seed: 1, step: 2, fresh: true },
      0,
      0,
      new Float32Array(40_000),
    );
    const mean = z.reduce((sum, x) => sum + x, 0) / z.length;
    const square = z.reduce((sum, x) => sum + x * x, 0) / z.length;
    // four standard errors: 1 / sqrt(n) of the mean, sqrt(2 / n) of the mean square
    expect(Math.abs(mean)).toBeLessThan(4 / 200);
    expect(Math.abs(square - 1)).toBeLessThan((4 * Math.SQRT2) / 200);
  });
});

describe("dense", () => {
  it("is the mean of the directions, weighted by the coefficients", () => {
    const g = estimate(2);
    const z = [0, 1].map((k) => direction(g, k, 0, new Float32Array(37)));
    const m = dense(g);
    expect(m.shape).toEqual([3, 37]);
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 37; j++) {
        const [c0, c1] = [g.coefficients.get(i, 0), g.coefficients.get(i, 1)];
        expect(m.get(i, j)).toBe(Math.fround((c0 / 2) * z[0][j] + (c1 / 2) * z[1][j]));
      }
    }
  });

  it("reads coefficients of any stride", () => {
    const g = estimate(2);
    const columns = matrix(new Float32Array(6), 2, 3).transpose(1, 0);
    for (let i = 0; i < 3; i++) for (let k = 0; k < 2; k++) columns.set(i, k, g.coefficients.get(i, k));
    const strided = { ...g, coefficients: columns };
    expect(dense(strided)).toEqual(dense(g));
    expect(gatherRows(strided, [2, 0]).coefficients.data).toEqual(gatherRows(g, [2, 0]).coefficients.data);
    expect(finiteRows(columns)).toEqual(Int32Array.of(0, 1, 2));
  });
});

describe("directionalGradients", () => {
  it("says what is wrong", () => {
    const one = matrix(Float32Array.of(1), 1, 1);
    expect(() => directionalGradients(one, { dimension: 0, seed: 1 })).toThrow(
      new RangeError('directionalGradients: "dimension" must be at least 1, got 0'),
    );
    expect(() => directionalGradients(one, { dimension: 2, seed: 0.5 })).toThrow(
      new RangeError('directionalGradients: "seed" must be an integer of at least 0, got 0.5'),
    );
    expect(() => directionalGradients(matrix(new Float32Array(0), 1, 0), { dimension: 2, seed: 1 })).toThrow(
      new RangeError('directionalGradients: "coefficients" must have at least 1 direction, got 0'),
    );
    expect(() =>
      directionalGradients(matrix(Float32Array.of(1, Number.NaN), 2, 1), { dimension: 2, seed: 1 }),
    ).toThrow(new RangeError('directionalGradients: "coefficients" must be finite, got NaN at [1, 0]'));
  });
});

describe("gatherRows", () => {
  it("keeps the order given and the directions", () => {
    const g = estimate(2, { fresh: true, step: 4 });
    const some = gatherRows(g, [2, 0]);
    expect(sameDirections(some, g)).toBe(true);
    const [all, two] = [dense(g), dense(some)];
    expect(two.data.slice(0, 37)).toEqual(all.data.slice(74));
    expect(two.data.slice(37)).toEqual(all.data.slice(0, 37));
  });

  it("says what is wrong", () => {
    expect(() => gatherRows(estimate(1), [0, 0])).toThrow(
      new RangeError('gatherRows: "rows" must be distinct, got 0 again at 1'),
    );
    expect(() => gatherRows(estimate(1), [3])).toThrow(
      new RangeError('gatherRows: "rows" must be integers in [0, 3), got 3 at 0'),
    );
  });
});
