import { type Matrix, matrix, normal, rowMajor } from "@colm/array";
import { directionalGradients } from "@colm/spsa";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AdamState, adamNormalize, moments, normalizedFeatures } from "../src/index.ts";

/** So small that adding it to a root of these second moments changes no bit. */
const TINY = 2 ** -120;
const [N, D] = [4, 6];

/** Gradients in sixteenths. */
const gradients: fc.Arbitrary<Matrix> = fc
  .array(fc.integer({ min: -64, max: 64 }), { minLength: N * D, maxLength: N * D })
  .map((list) =>
    matrix(
      Float32Array.from(list, (x) => x / 16),
      N,
      D,
    ),
  );
const powers = fc.integer({ min: -8, max: 8 }).map((e) => 2 ** e);
const orders = fc.shuffledSubarray([0, 1, 2, 3], { minLength: N, maxLength: N });
const labels = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: N, maxLength: N });

const scaled = (m: Matrix, factor: number): Matrix =>
  matrix(
    rowMajor(m).map((x) => x * factor),
    m.shape[0],
    m.shape[1],
  );

function reordered(m: Matrix, order: number[]): Matrix {
  const data = rowMajor(m);
  const width = m.shape[1];
  const out = new Float32Array(data.length);
  order.forEach((from, to) => {
    out.set(data.subarray(from * width, (from + 1) * width), to * width);
  });
  return matrix(out, m.shape[0], width);
}

function history(d: number): AdamState {
  const m = normal(new Float32Array(d), { seed: 1 });
  return { kind: "dense", step: 5, m, v: m.map((x) => x * x + 1) };
}

describe("laws of Adam space", () => {
  it("beta1 = beta2 = 0: signs alone are left, whatever the history", () => {
    const signs = adamNormalize({ beta1: 0, beta2: 0, epsilon: TINY });
    fc.assert(
      fc.property(gradients, (g) => {
        expect(signs.normalize(history(D), g).data).toEqual(rowMajor(g).map(Math.sign));
      }),
    );
  });

  it("beta1 = beta2 = 0 on directions: signs too", () => {
    const signs = adamNormalize({ beta1: 0, beta2: 0, epsilon: TINY });
    const c = matrix(normal(new Float32Array(6), { seed: 2 }), 2, 3);
    const g = directionalGradients(c, { dimension: 2000, seed: 3 });
    expect(signs.normalize(history(2000), g).data.every((x) => Math.abs(x) === 1)).toBe(true);
  });

  it("scaling every gradient, those of the history included, changes nothing", () => {
    const adam = adamNormalize({ epsilon: TINY });
    fc.assert(
      fc.property(gradients, gradients, powers, (before, now, factor) => {
        const plain = adam.advance(adam.init(D), before, [0, 2]);
        const times = adam.advance(adam.init(D), scaled(before, factor), [0, 2]);
        expect(adam.normalize(times, scaled(now, factor)).data).toEqual(adam.normalize(plain, now).data);
      }),
    );
  });

  it("but not with an epsilon that counts, nor of the gradients alone", () => {
    const g = matrix(Float32Array.of(1), 1, 1);
    const coarse = adamNormalize({ epsilon: 1 });
    const one = coarse.normalize(coarse.init(1), g).data[0];
    expect(coarse.normalize(coarse.init(1), scaled(g, 2)).data[0]).toBeGreaterThan(one);
    const adam = adamNormalize({ epsilon: TINY });
    const alone = adam.normalize(history(1), g).data[0];
    expect(adam.normalize(history(1), scaled(g, 2)).data[0]).not.toBe(alone);
  });

  it("one step of a lone example from nothing is the sign of its gradient", () => {
    const adam = adamNormalize({ epsilon: TINY });
    fc.assert(
      fc.property(gradients, (g) => {
        adam.normalize(adam.init(D), g).data.forEach((x, at) => {
          expect(x).toBeCloseTo(Math.sign(rowMajor(g)[at]), 6);
        });
      }),
    );
  });

  it("reordering the examples reorders the features", () => {
    const signs = adamNormalize({ beta1: 0, beta2: 0, epsilon: TINY }); // means of signs are exact in any order
    fc.assert(
      fc.property(gradients, orders, labels, fc.integer({ min: 1, max: D }), (g, order, groups, keep) => {
        const options = { keep, normalizer: signs };
        const features = normalizedFeatures(signs.init(D), g, { ...options, groups });
        const again = normalizedFeatures(signs.init(D), reordered(g, order), {
          ...options,
          groups: order.map((i) => groups[i]),
        });
        expect(again.data).toEqual(reordered(features, order).data);
      }),
    );
  });

  it("keep = d keeps everything: the stream is normalize itself", () => {
    const adam = adamNormalize();
    fc.assert(
      fc.property(gradients, labels, (g, groups) => {
        const options = { keep: D, groups, normalizer: adam };
        expect(normalizedFeatures(history(D), g, options)).toEqual(adam.normalize(history(D), g));
      }),
    );
  });

  it("names of groups do not matter", () => {
    const adam = adamNormalize();
    fc.assert(
      fc.property(gradients, labels, (g, groups) => {
        const options = { keep: 2, normalizer: adam };
        const renamed = groups.map((label) => 7 - 2 * label);
        expect(normalizedFeatures(history(D), g, { ...options, groups: renamed })).toEqual(
          normalizedFeatures(history(D), g, { ...options, groups }),
        );
      }),
    );
  });

  it("the history of all examples one by one is their mean", () => {
    const adam = adamNormalize({ beta1: 0.5, beta2: 0.75 }); // exact in binary
    fc.assert(
      fc.property(gradients, (g) => {
        const all = moments(adam.advance(adam.init(D), g, [0, 1, 2, 3]));
        const each = [0, 1, 2, 3].map((i) => moments(adam.advance(adam.init(D), g, [i])));
        expect(all.m).toEqual(all.m.map((_, j) => each.reduce((sum, { m }) => sum + m[j] / 4, 0)));
        expect(all.v).toEqual(all.v.map((_, j) => each.reduce((sum, { v }) => sum + v[j] / 4, 0)));
      }),
    );
  });
});
