import { type AdamState, adamNormalize, normalizedFeatures } from "@colm/adam-normalize";
import { type Matrix, matrix, normal } from "@colm/array";
import { directionalGradients } from "@colm/spsa";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKernels, type Gradients, type Kernels } from "../src/index.ts";
import { modes } from "./modes.ts";

const adam = adamNormalize();

function estimates(n: number, q: number, dimension: number, step = 0): Gradients {
  const coefficients = matrix(normal(new Float32Array(n * q), { seed: n + step }), n, q);
  return directionalGradients(coefficients, { dimension, seed: 5, step, fresh: true });
}

const stored = (n: number, d: number, seed = 6): Matrix =>
  matrix(normal(new Float32Array(n * d), { seed }), n, d);

const cases = modes.flatMap((own) =>
  (["cpu", "device"] as const).map((directions) => ({ ...own, directions })),
);

for (const { mode, name, here, directions } of cases) {
  describe.skipIf(!here)(`normalizedFeatures in ${name}, directions by the ${directions}`, () => {
    let kernels: Kernels;
    beforeAll(async () => {
      kernels = await createKernels({ mode, directions });
    });
    afterAll(() => kernels.dispose());

    it("keeps the coordinates of the largest means, by hand", async () => {
      const signs = adamNormalize({ beta1: 0, beta2: 0 });
      const g = matrix(Float32Array.of(4, -2, 1, 0, 4, 2, 1, 0), 2, 4);
      const { data } = await kernels.normalizedFeatures(signs.init(4), g, { keep: 2, normalizer: signs });
      expect(Array.from(data)).toEqual([1, 1, 1, 1]);
    });

    it.each([
      [1, 1, 1, 1],
      [1, 1, 7, 3],
      [2, 3, 257, 1],
      [5, 2, 300, 299],
      [33, 5, 1001, 64],
      [67, 8, 1025, 100],
      // more than the 2^13 columns of a block
      [40, 2, 20_000, 77],
    ])(
      "has the bits of the CPU function over a run: %i rows, %i directions, d = %i, keep %i",
      async (n, q, d, keep) => {
        const groups = Array.from({ length: n }, (_, i) => [4, 0, 9, 4][i % 4]);
        let state: AdamState = adam.init(d);
        for (let step = 0; step < 3; step++) {
          const gradients = estimates(n, q, d, step);
          const options = { keep, groups, normalizer: adam };
          const actual = await kernels.normalizedFeatures(state, gradients, options);
          const expected = normalizedFeatures(state, gradients, options);
          expect(actual.shape).toEqual([n, keep]);
          expect(actual.data).toEqual(expected.data);
          state = adam.advance(state, gradients, [0]);
        }
      },
    );

    it("has the bits of the CPU function for any shape, size, groups and constants", async () => {
      const cases = fc.record({
        n: fc.integer({ min: 1, max: 40 }),
        q: fc.nat(6),
        d: fc.integer({ min: 1, max: 700 }),
        part: fc.double({ min: 0, max: 1, noNaN: true }),
        labels: fc.integer({ min: 1, max: 5 }),
        exponent: fc.integer({ min: -12, max: 6 }),
        constants: fc.record({
          beta1: fc.constantFrom(0, 0.5, 0.9),
          beta2: fc.constantFrom(0, 0.9, 0.999),
          epsilon: fc.constantFrom(1e-3, 1e-8, 1e-30),
        }),
        seed: fc.nat(1000),
      });
      await fc.assert(
        fc.asyncProperty(cases, async ({ n, q, d, part, labels, exponent, constants, seed }) => {
          const normalizer = adamNormalize(constants);
          const groups = Array.from({ length: n }, (_, i) => (7 * i + seed) % labels);
          const options = { keep: Math.max(1, Math.round(part * d)), groups, normalizer };
          let state: AdamState = normalizer.init(d);
          for (let step = 0; step < 2; step++) {
            const draws = normal(new Float32Array(n * (q || d)), { seed, stream: step });
            const scaled = draws.map((x) => x * 10 ** exponent);
            const gradients =
              q === 0
                ? matrix(scaled, n, d)
                : directionalGradients(matrix(scaled, n, q), {
                    dimension: d,
                    seed,
                    step,
                    fresh: seed % 2 === 0,
                  });
            const { data } = await kernels.normalizedFeatures(state, gradients, options);
            expect(data).toEqual(normalizedFeatures(state, gradients, options).data);
            state = normalizer.advance(state, gradients, [0]);
          }
        }),
        { numRuns: 25 },
      );
    });

    it("reads stored gradients of any kind and stride, and leaves all alone", async () => {
      const doubles = matrix(
        Float64Array.from(stored(6, 90).data, (x) => x / 3),
        6,
        90,
      );
      const views: Matrix[] = [
        stored(6, 90),
        stored(90, 6).transpose(1, 0),
        stored(12, 90).step(-2, 1),
        stored(8, 95).lo(1, 3).hi(6, 90),
        doubles,
      ];
      const state: AdamState = adam.advance(adam.init(90), stored(4, 90, 8), [1, 2]);
      const held = structuredClone(state);
      for (const view of views) {
        const before = view.data.slice();
        const options = { keep: 11, normalizer: adam };
        const { data } = await kernels.normalizedFeatures(state, view, options);
        expect(data).toEqual(normalizedFeatures(state, view, options).data);
        expect(view.data).toEqual(before);
      }
      expect(state).toEqual(held);
    });

    it("decides ties as the CPU does: the lower coordinate, in a first step of equal signs", async () => {
      const g = matrix(new Float32Array(3 * 50).fill(0.5), 3, 50);
      g.set(1, 20, -0.5);
      const options = { keep: 22, normalizer: adam };
      const { data } = await kernels.normalizedFeatures(adam.init(50), g, options);
      expect(data).toEqual(normalizedFeatures(adam.init(50), g, options).data);
      expect(Array.from(data.slice(22, 44))).not.toContain(-1);
    });

    it("goes on with a history on one direction, and with another generator's seed for each step", async () => {
      const along = estimates(9, 1, 500);
      const state = adam.advance(adam.init(500), along, [0, 1]);
      expect(state.kind).toBe("fixed-direction");
      for (const gradients of [along, estimates(9, 3, 500, 4)]) {
        const options = { keep: 40, normalizer: adam };
        const { data } = await kernels.normalizedFeatures(state, gradients, options);
        expect(data).toEqual(normalizedFeatures(state, gradients, options).data);
      }
    });

    it("answers calls that overlap, of more shapes than it keeps kernels for", async () => {
      const sizes = [3, 40, 70, 100, 130, 3];
      const all = sizes.map((n) => estimates(n, 2, 300));
      const options = { keep: 5, normalizer: adam };
      const features = await Promise.all(
        all.map((gradients) => kernels.normalizedFeatures(adam.init(300), gradients, options)),
      );
      for (const [i, { data }] of features.entries()) {
        expect(data).toEqual(normalizedFeatures(adam.init(300), all[i], options).data);
      }
    });

    it("gives an empty table for no rows", async () => {
      const none = matrix(new Float32Array(0), 0, 8);
      const table = await kernels.normalizedFeatures(adam.init(8), none, { keep: 3, normalizer: adam });
      expect(table.shape).toEqual([0, 3]);
    });

    it("refuses what the CPU function refuses, in the same words", async () => {
      const state = adam.init(8);
      const good = { keep: 2, normalizer: adam };
      const wrong: [AdamState, Gradients, object][] = [
        [JSON.parse("{}"), stored(2, 8), good],
        [state, stored(2, 7), good],
        [state, matrix(new Float32Array(16).fill(Number.NaN), 2, 8), good],
        [state, JSON.parse("[1]"), good],
        [state, stored(2, 8), { ...good, keep: 9 }],
        [state, stored(2, 8), { ...good, groups: [0] }],
        [state, stored(2, 8), { keep: 2 }],
      ];
      for (const args of wrong) {
        let expected: unknown;
        try {
          Reflect.apply(normalizedFeatures, undefined, args);
        } catch (error) {
          expected = error;
        }
        expect(expected).toBeInstanceOf(Error);
        const asked: Promise<unknown> = Reflect.apply(kernels.normalizedFeatures, undefined, args);
        await expect(asked).rejects.toThrow(String(expected).replace(/^\w+: /, ""));
      }
    });
  });
}
