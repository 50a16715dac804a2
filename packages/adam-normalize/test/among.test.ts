import { type Matrix, matrix, normal } from "@colm/array";
import { type DirectionalGradients, directionalGradients } from "@colm/spsa";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AdamState, adamNormalize, normalizedFeatures, sparsify } from "../src/index.ts";

const adam = adamNormalize();
/** More than two blocks of coordinates, the last one not full. */
const [N, D, KEEP] = [9, 2100, 70];
const groups = [0, 2, 2, 0, 2, 0, 0, 2, 2];
const coefficients = matrix(normal(new Float32Array(3 * N), { seed: 1 }), N, 3);
const kinds: [string, Matrix | DirectionalGradients][] = [
  ["directional gradients", directionalGradients(coefficients, { dimension: D, seed: 2 })],
  ["stored gradients", matrix(normal(new Float32Array(N * D), { seed: 3 }), N, D)],
];
const state: AdamState = {
  kind: "dense",
  step: 3,
  m: normal(new Float32Array(D), { seed: 4 }),
  v: normal(new Float32Array(D), { seed: 5 }).map((x) => x * x),
};

describe.each(kinds)("normalizedFeatures among some coordinates of %s", (_, gradients) => {
  const options = { keep: KEEP, groups, normalizer: adam };
  const whole = normalizedFeatures(state, gradients, options);
  const { coordinates } = sparsify(adam.normalize(state, gradients), { keep: KEEP, groups });

  it("keeps what it keeps among all, if that is among them, bit for bit", () => {
    const others = fc.uniqueArray(fc.nat(D - 1), { maxLength: 400 });
    fc.assert(
      fc.property(others, others, (a, b) => {
        const among = [a, [], b].map((extra, g) =>
          Int32Array.from(new Set([...coordinates[g], ...extra])).sort(),
        );
        expect(normalizedFeatures(state, gradients, { ...options, among }).data).toEqual(whole.data);
      }),
      { numRuns: 20 },
    );
  });

  it("keeps what it keeps among all where every coordinate is listed", () => {
    const all = Int32Array.from({ length: D }, (_, j) => j);
    const among = [all, all, all];
    expect(normalizedFeatures(state, gradients, { ...options, among }).data).toEqual(whole.data);
  });

  it("keeps nothing that is not listed", () => {
    const u = adam.normalize(state, gradients);
    const among = Int32Array.from({ length: 100 }, (_, a) => 20 * a + 7);
    const { data } = normalizedFeatures(state, gradients, { keep: 100, normalizer: adam, among: [among] });
    expect(Array.from(data)).toEqual(
      Array.from({ length: N }, (_, i) => Array.from(among, (j) => u.get(i, j))).flat(),
    );
  });

  it("refuses lists that say nothing, by name", () => {
    const ask = (among: unknown) => () =>
      Reflect.apply(normalizedFeatures, undefined, [state, gradients, { keep: 2, normalizer: adam, among }]);
    expect(ask({})).toThrow(
      new TypeError(
        'normalizedFeatures: "among" must be an array of Int32Arrays, got an object of kind Object',
      ),
    );
    expect(ask([[1, 2]])).toThrow(
      new TypeError('normalizedFeatures: "among[0]" must be an Int32Array, got an array of 2'),
    );
    expect(ask([Int32Array.of(1)])).toThrow(
      new RangeError('normalizedFeatures: "among[0]" must have at least 2 entries, got 1'),
    );
    expect(ask([Int32Array.of(1, 1)])).toThrow(
      new RangeError('normalizedFeatures: "among[0]" must ascend in [0, 2100), got 1 at 1'),
    );
    expect(ask([Int32Array.of(1, D)])).toThrow(
      new RangeError('normalizedFeatures: "among[0]" must ascend in [0, 2100), got 2100 at 1'),
    );
  });
});
