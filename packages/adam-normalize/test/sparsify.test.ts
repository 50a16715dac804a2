import { type Matrix, matrix, normal } from "@colm/array";
import { directionalGradients } from "@colm/spsa";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adamNormalize, normalizedFeatures, sparsify } from "../src/index.ts";

/** The slow, obvious way: sort all coordinates of a group by |mean|, then by number. */
function slowCoordinates(u: Matrix, rows: number[], keep: number): number[] {
  const scores = Array.from({ length: u.shape[1] }, (_, j) =>
    Math.fround(Math.abs(rows.reduce((sum, i) => sum + u.get(i, j), 0) / rows.length)),
  );
  const order = scores.map((_, j) => j).sort((a, b) => scores[b] - scores[a] || a - b);
  return order.slice(0, keep).sort((a, b) => a - b);
}

/** Few values, so that means tie often. */
const sparse = fc.record({
  d: fc.integer({ min: 1, max: 40 }),
  data: fc.infiniteStream(fc.integer({ min: -3, max: 3 })),
  groups: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 6 }),
  keepShare: fc.integer({ min: 0, max: 100 }),
});

describe("sparsify", () => {
  it("does the worked example", () => {
    const u = matrix(Float32Array.of(1, -3, 0, 2, -1, 3, 0, 1, 5, 0, 0, 0), 3, 4);
    const { values, coordinates } = sparsify(u, { keep: 2, groups: [2, 2, 0] });
    // group 2 has means 0, 0, 0, 3/2: coordinate 3, then the lowest of the others; group 1 has no rows
    expect(coordinates).toEqual([Int32Array.of(0, 1), new Int32Array(0), Int32Array.of(0, 3)]);
    expect([...values.data]).toEqual([1, 2, -1, 1, 5, 0]);
    expect(values.shape).toEqual([3, 2]);
  });

  it("agrees with sorting, ties to the lower coordinate", () => {
    fc.assert(
      fc.property(sparse, ({ d, data, groups, keepShare }) => {
        const n = groups.length;
        const u = matrix(
          Float32Array.from({ length: n * d }, () => data.next().value ?? 0),
          n,
          d,
        );
        const keep = 1 + Math.floor((keepShare * (d - 1)) / 100);
        const { values, coordinates } = sparsify(u, { keep, groups });
        for (const [g, list] of coordinates.entries()) {
          const rows = groups.flatMap((label, i) => (label === g ? [i] : []));
          expect([...list]).toEqual(rows.length === 0 ? [] : slowCoordinates(u, rows, keep));
        }
        groups.forEach((label, i) => {
          expect([...values.data.slice(i * keep, (i + 1) * keep)]).toEqual(
            Array.from(coordinates[label], (j) => u.get(i, j)),
          );
        });
      }),
    );
  });

  it.each([
    ["ascending", (j: number) => j],
    ["descending", (j: number) => -j],
    ["all equal", () => 1],
    ["all zero", () => 0],
    ["tiny and huge", (j: number) => (j % 2 === 0 ? 1e-44 : 3e38)],
    ["random", (j: number) => Math.sin(j * j)],
  ])("streams over many blocks: %s", (_, score) => {
    const d = 5000;
    const u = matrix(
      Float32Array.from({ length: d }, (_, j) => score(j)),
      1,
      d,
    );
    for (const keep of [1, 7, 1024, 3000, d]) {
      expect([...sparsify(u, { keep }).coordinates[0]]).toEqual(slowCoordinates(u, [0], keep));
    }
  });

  it("is the identity for keep = d", () => {
    fc.assert(
      fc.property(fc.float64Array({ minLength: 6, maxLength: 6, noNaN: true, min: -9, max: 9 }), (data) => {
        const { values, coordinates } = sparsify(matrix(data, 2, 3), { keep: 3 });
        expect(values.data).toEqual(data);
        expect(coordinates).toEqual([Int32Array.of(0, 1, 2)]);
      }),
    );
  });

  it("says what is wrong", () => {
    const u = matrix(new Float32Array(6), 2, 3);
    expect(() => sparsify(u, { keep: 4 })).toThrow(
      new RangeError('sparsify: "keep" must be an integer in [1, 3], got 4'),
    );
    expect(() => sparsify(u, { keep: 0 })).toThrow(
      new RangeError('sparsify: "keep" must be an integer in [1, 3], got 0'),
    );
    expect(() => sparsify(u, { keep: 1, groups: [0] })).toThrow(
      new RangeError('sparsify: "groups" must have 2 entries, one for each row, got 1'),
    );
    expect(() => sparsify(u, { keep: 1, groups: [0, -1] })).toThrow(
      new RangeError('sparsify: "groups" must be integers in [0, 65536), got -1 at 1'),
    );
    expect(() => sparsify(matrix(Float32Array.of(0, Number.NaN), 1, 2), { keep: 1 })).toThrow(
      new RangeError('sparsify: "u" must be finite, got NaN at [0, 1]'),
    );
  });
});

describe("normalizedFeatures", () => {
  const normalizer = adamNormalize();
  const groups = [3, 0, 3, 1, 0, 0];

  it.each([
    ["stored", 1, () => matrix(normal(new Float32Array(6 * 3000), { seed: 2 }), 6, 3000)],
    ["one fixed direction", 1, () => directional(1, false)],
    ["five fresh directions", 2, () => directional(5, true)],
  ])("is sparsify of normalize, bit for bit: %s", (_, __, gradientsOf) => {
    const gradients = gradientsOf();
    const first = normalizer.init(3000);
    const state = normalizer.advance(first, gradients, [1, 3]);
    for (const at of [first, state]) {
      for (const keep of [1, 100, 3000]) {
        const whole = sparsify(normalizer.normalize(at, gradients), { keep, groups });
        expect(normalizedFeatures(at, gradients, { keep, groups, normalizer })).toEqual(whole.values);
      }
    }
    const alone = sparsify(normalizer.normalize(state, gradients), { keep: 9 });
    expect(normalizedFeatures(state, gradients, { keep: 9, normalizer })).toEqual(alone.values);
  });

  function directional(q: number, fresh: boolean) {
    const coefficients = matrix(normal(new Float32Array(6 * q), { seed: 3 }), 6, q);
    return directionalGradients(coefficients, { dimension: 3000, seed: 4, step: 1, fresh });
  }

  it("says what is wrong", () => {
    const g = directional(2, false);
    const state = normalizer.init(3000);
    expect(() => normalizedFeatures(state, g, { keep: 3001, normalizer })).toThrow(
      new RangeError('normalizedFeatures: "keep" must be an integer in [1, 3000], got 3001'),
    );
    expect(() => normalizedFeatures(normalizer.init(4), g, { keep: 1, normalizer })).toThrow(
      new RangeError('normalizedFeatures: "gradients" must have 4 coordinates as the state has, got 3000'),
    );
    expect(() => normalizedFeatures(state, g, { keep: 1, normalizer: { ...normalizer, beta1: 2 } })).toThrow(
      new RangeError('normalizedFeatures: "beta1" must be in [0, 1), got 2'),
    );
  });
});
