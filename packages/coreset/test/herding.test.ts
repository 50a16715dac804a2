import { type Matrix, matrix, normal } from "@colm/array";
import { similarity } from "@colm/submodular";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SelectorOptions } from "../src/index.ts";
import { reordered, select, sixteenths, squaredError } from "./pools.ts";

const problems = fc
  .record({
    size: fc.integer({ min: 2, max: 14 }),
    seed: fc.nat(10_000),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ size, seed, part }) => ({
    features: sixteenths(size, 3, seed),
    size,
    budget: Math.max(1, Math.round(part * size)),
  }));

const greedy = (budget: number): SelectorOptions => ({ mode: "default", budget, swaps: false });

describe("herding", () => {
  it("adds what brings the mean nearest to the target, by hand", async () => {
    // mean 4.25: 5 is nearest; then 3 makes it 4; then 1 would make it 3 and 8 makes it 16 / 3
    const features = matrix(Float32Array.of(1, 3, 5, 8), 4, 1);
    const line = await select(greedy(3), { features });
    expect(line.indices).toEqual(Int32Array.of(2, 1, 3));
    expect(line.diagnostics.matching?.plain).toBeCloseTo(13 / 51, 12);
  });

  it("mends by swaps what greed has spoiled", async () => {
    // mean 3 is the first choice, and no partner keeps it; 0 and 6 have it together
    const features = matrix(Float32Array.of(3, 0, 6, -20, 26), 5, 1);
    const without = await select(greedy(2), { features });
    expect(without.diagnostics.matching?.plain).toBeCloseTo(0.5, 12);
    const { indices, diagnostics } = await select({ method: "herding", budget: 2 }, { features });
    expect(Array.from(indices).toSorted()).toEqual([1, 2]);
    expect(diagnostics.matching?.plain).toBeCloseTo(0, 12);
  });

  it("is the greedy rule of its definition, computed from the features themselves", async () => {
    await fc.assert(
      fc.asyncProperty(problems, async ({ features, size, budget }) => {
        const target = new Array<number>(size).fill(1 / size);
        const { indices } = await select(greedy(budget), { features });
        const chosen: number[] = [];
        for (const index of budget === size ? [] : indices) {
          const errors = Array.from({ length: size }, (_, i) =>
            chosen.includes(i) ? Number.POSITIVE_INFINITY : squaredError(features, [...chosen, i], target),
          );
          // 1/n and 1/m are no sixteenths: ties to the last bits may go either way
          expect(errors[index] - Math.min(...errors)).toBeLessThan(1e-9);
          chosen.push(index);
        }
      }),
    );
  });

  it("finds the mean of rows however far they lie from 0, on the CPU and by kernels", async () => {
    const gram = async (points: Matrix): Promise<Matrix> => similarity(points, { metric: "dot" });
    const kernels = { mode: "cpu", gram, pairwise: gram };
    for (const seed of [1, 2, 3, 4]) {
      const features = sixteenths(64, 8, seed);
      // sixteenths of numbers up to 2^15 are float32
      const moved = matrix(
        Float32Array.from(features.data, (x) => x + 16_384),
        64,
        8,
      );
      const target = new Float64Array(64).fill(1 / 64);
      for (const weighting of ["uniform", "cluster", "matching"] as const) {
        const options = { mode: "default", budget: 16, weighting } as const;
        const near = Array.from((await select(options, { features })).indices);
        const far = await select(options, { features: moved });
        const ideal = squaredError(features, near, target);
        expect(squaredError(features, Array.from(far.indices), target)).toBeLessThan(4 * ideal + 1e-3);
        const byKernels = await select({ ...options, kernels }, { features: moved });
        expect(byKernels.indices).toEqual(far.indices);
        expect(byKernels.weights).toEqual(far.weights);
      }
    }
  });

  it("ends where no swap helps", async () => {
    await fc.assert(
      fc.asyncProperty(problems, async ({ features, size, budget }) => {
        const target = new Array<number>(size).fill(1 / size);
        const { indices } = await select({ method: "herding", budget }, { features });
        const chosen = Array.from(indices);
        const error = squaredError(features, chosen, target);
        for (const [t] of chosen.entries()) {
          for (let other = 0; other < size; other++) {
            if (chosen.includes(other)) continue;
            expect(squaredError(features, chosen.with(t, other), target)).toBeGreaterThan(error - 1e-9);
          }
        }
      }),
    );
  });

  it("does not depend on the order of the pool", async () => {
    const strides = fc.constantFrom(1, 5, 7, 11, 23);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(10_000),
        strides,
        fc.nat(23),
        fc.integer({ min: 1, max: 24 }),
        async (seed, stride, turn, budget) => {
          // draws that are not rounded do not tie
          const features = matrix(normal(new Float32Array(120), { seed }), 24, 5);
          const order = Array.from({ length: 24 }, (_, i) => (i * stride + turn) % 24);
          const here = await select({ method: "herding", budget }, { features });
          const there = await select({ method: "herding", budget }, { features: reordered(features, order) });
          const found = Array.from(there.indices, (i) => order[i]);
          expect(budget === 24 ? found.toSorted() : found).toEqual(
            budget === 24 ? Array.from(here.indices).toSorted() : Array.from(here.indices),
          );
        },
      ),
      { numRuns: 50 },
    );
  });

  it("does not depend on the scale of the features, however small or large", async () => {
    const features = sixteenths(20, 4, 8);
    const { indices } = await select({ method: "herding", budget: 7 }, { features });
    for (const exponent of [-90, -20, 5, 100]) {
      const scaled = matrix(
        Float32Array.from(features.data, (x) => x * 2 ** exponent),
        20,
        4,
      );
      expect((await select({ method: "herding", budget: 7 }, { features: scaled })).indices).toEqual(indices);
    }
  });

  it("counts small sources as part of the mean: the others make up for what they miss", async () => {
    // kept: 6, a third of the choice; the big sources' mean is 4 (of 1, 3, 5, 7), so the target is (6 + 2 * 4) / 3
    const features = matrix(Float32Array.of(1, 3, 5, 7, 6), 5, 1);
    const { indices, diagnostics } = await select(
      { method: "herding", budget: 3, sources: { small: [false, true] } },
      { features, sources: [0, 0, 0, 0, 1] },
    );
    expect(indices[0]).toBe(4);
    expect(Array.from(indices.slice(1), (i) => features.get(i, 0)).reduce((a, b) => a + b)).toBe(8);
    expect(diagnostics.matching?.upweighted).toBeCloseTo(0, 12);
    expect(diagnostics.matching?.plain).toBeCloseTo((14 / 3 - 22 / 5) / (22 / 5), 12);
    expect(diagnostics.mass.map((part) => Math.round(part * 3))).toEqual([2, 1]);
  });
});
