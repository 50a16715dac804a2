import { normalizedFeatures } from "@colm/adam-normalize";
import { type Matrix, matrix } from "@colm/array";
import { directionalGradients } from "@colm/spsa";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createSelector,
  type FeatureMethodName,
  type SelectionKernels,
  type SelectorOptions,
  type Weighting,
} from "../src/index.ts";
import { select, sixteenths } from "./pools.ts";

/** Kernels in float64 by the definitions, which note what was asked of them. */
function plainKernels(): SelectionKernels & { readonly calls: string[] } {
  const calls: string[] = [];
  const table = (points: Matrix, between: (a: number[], b: number[]) => number): Matrix => {
    const [n, d] = points.shape;
    const rows = Array.from({ length: n }, (_, i) => Array.from({ length: d }, (_, j) => points.get(i, j)));
    return matrix(Float32Array.from(rows.flatMap((a) => rows.map((b) => between(a, b)))), n, n);
  };
  const product = (a: number[], b: number[]): number => a.reduce((sum, x, j) => sum + x * b[j], 0);
  return {
    calls,
    mode: "by definition",
    async pairwise(points, metric) {
      calls.push(`pairwise ${metric} ${points.shape}`);
      return table(points, (a, b) => {
        if (metric === "l1") return a.reduce((sum, x, j) => sum + Math.abs(x - b[j]), 0);
        if (metric === "l2") return Math.hypot(...a.map((x, j) => x - b[j]));
        return 1 - product(a, b) / Math.sqrt(product(a, a) * product(b, b));
      });
    },
    async gram(points) {
      calls.push(`gram ${points.shape}`);
      return table(points, product);
    },
    async normalizedFeatures(state, gradients, options) {
      calls.push(`normalizedFeatures ${options.keep}`);
      return normalizedFeatures(state, gradients, options);
    },
  };
}

const comparing: FeatureMethodName[] = [
  "herding",
  "facility-location",
  "craig",
  "gram-schmidt-walk",
  "grad-match",
];
const others: FeatureMethodName[] = ["grad-norm", "kmeans-centres"];
const weightings: (Weighting | undefined)[] = [undefined, "uniform", "cluster", "matching"];

describe("kernels, for methods that compare features", () => {
  const features = sixteenths(30, 6, 5);
  const sources = Array.from({ length: 30 }, (_, i) => (i % 10 === 0 ? 1 : 0));
  const common = { budget: 9, seed: 3, sources: { small: [false, true] } };

  it.each(comparing.flatMap((method) => weightings.map((weighting) => ({ method, weighting }))))(
    "$method with $weighting weights chooses what it chooses on the CPU, and says where",
    async ({ method, weighting }) => {
      const kernels = plainKernels();
      const options = { ...common, method, ...(weighting && { weighting }) };
      const here = await select(options, { features, sources });
      const there = await select({ ...options, kernels }, { features, sources });
      expect(there.indices).toEqual(here.indices);
      // float32 against float64 in a matrix that weights are solved from
      for (const [t, weight] of there.weights.entries()) expect(weight).toBeCloseTo(here.weights[t], 4);
      expect(here.diagnostics).not.toHaveProperty("modes");
      expect(there.diagnostics.modes).toEqual({ kernel: "by definition" });
      expect(there.diagnostics.bytes).toEqual(here.diagnostics.bytes);
      expect(kernels.calls.length).toBe(1);
    },
  );

  it.each(others)("%s asks kernels for nothing but weights", async (method) => {
    const kernels = plainKernels();
    const plain = await select({ ...common, method, kernels }, { features, sources });
    expect(kernels.calls).toEqual([]);
    expect(plain.diagnostics.modes).toEqual({});
    const options = { ...common, method, weighting: "cluster" } as const;
    const weighed = await select({ ...options, kernels }, { features, sources });
    expect(kernels.calls.length).toBe(1);
    expect(weighed.weights).toEqual((await select(options, { features, sources })).weights);
  });

  it("asks for scalar products, distances or angles as the metric says", async () => {
    const kernels = plainKernels();
    for (const metric of ["dot", "l1", "l2", "cosine"] as const) {
      const options = { ...common, mode: "default", metric } as const;
      const here = await select(options, { features, sources });
      const there = await select({ ...options, kernels }, { features, sources });
      expect(there.indices).toEqual(here.indices);
    }
    expect(kernels.calls).toEqual([
      "gram 30,6",
      "pairwise l1 30,6",
      "pairwise l2 30,6",
      "pairwise cosine 30,6",
    ]);
  });

  it("asks for nothing where there is nothing to choose", async () => {
    const kernels = plainKernels();
    await select({ mode: "default", budget: 30, kernels }, { features });
    await select({ mode: "default", budget: 4, every: 2, seed: 1, kernels }, { features });
    expect(kernels.calls.length).toBe(1);
  });

  it("counts their time as the kernel's own", async () => {
    let now = 0;
    const kernels = plainKernels();
    const slow: SelectionKernels = {
      ...kernels,
      async gram(points) {
        now += 7;
        return kernels.gram(points);
      },
    };
    const { diagnostics } = await select(
      { mode: "default", budget: 4, kernels: slow, now: () => now },
      { features },
    );
    expect(diagnostics.milliseconds).toEqual({ features: 0, kernel: 7, choice: 0, history: 0 });
  });
});

describe("kernels, in official mode", () => {
  const sources = [0, 1, 0, 0, 2, 0, 0, 2, 2, 0, 1, 0, 2, 0];
  const options = { mode: "official", budget: 7, keep: 5, sources: { small: [false, true, false] } } as const;
  const estimates = (step: number) =>
    directionalGradients(sixteenths(14, 3, step + 1), { dimension: 40, seed: 2, step });

  it("streams and compares there, source by source, with the choice of the CPU", async () => {
    const kernels = plainKernels();
    const [here, there] = [createSelector(options), createSelector({ ...options, kernels })];
    let state = here.init();
    for (let step = 0; step < 3; step++) {
      const pool = { gradients: estimates(step), sources };
      const a = await here.select(state, pool);
      const b = await there.select(state, pool);
      expect(b.indices).toEqual(a.indices);
      expect(b.state).toEqual(a.state);
      expect(b.diagnostics).toEqual({
        ...a.diagnostics,
        modes: { features: "by definition", choice: "by definition" },
      });
      state = a.state;
    }
    expect(kernels.calls.slice(0, 3)).toEqual(["normalizedFeatures 5", "pairwise l1 8,5", "pairwise l1 4,5"]);
  });

  it("streams on the CPU where the kernels have no stream", async () => {
    const { pairwise, gram, mode } = plainKernels();
    const a = await select(options, { gradients: estimates(0), sources });
    const b = await select(
      { ...options, kernels: { pairwise, gram, mode } },
      { gradients: estimates(0), sources },
    );
    expect(b.indices).toEqual(a.indices);
    expect(b.diagnostics.modes).toEqual({ choice: "by definition" });
  });

  it("asks nothing of them for the scalars of one direction", async () => {
    const kernels = plainKernels();
    const gradients = directionalGradients(sixteenths(14, 1, 3), { dimension: 40, seed: 2 });
    const { indices, diagnostics } = await select({ ...options, kernels }, { gradients, sources });
    expect(indices).toEqual((await select(options, { gradients, sources })).indices);
    expect(kernels.calls).toEqual([]);
    expect(diagnostics.modes).toEqual({});
  });

  it("weighs clusters alike, for any sources and metric", async () => {
    const pools = fc.record({
      seed: fc.nat(1000),
      sources: fc.array(fc.nat(2), { minLength: 14, maxLength: 14 }),
      metric: fc.constantFrom("l1", "l2", "dot"),
    });
    await fc.assert(
      fc.asyncProperty(pools, async ({ seed, sources, metric }) => {
        const own = { ...options, metric, weighting: "cluster" } as const;
        const pool = { gradients: sixteenths(14, 8, seed), sources };
        const a = await select({ ...own, adam: false }, pool);
        const b = await select({ ...own, adam: false, kernels: plainKernels() }, pool);
        expect(b.indices).toEqual(a.indices);
        expect(b.weights).toEqual(a.weights);
      }),
      { numRuns: 30 },
    );
  });
});

describe("kernels that will not do", () => {
  const features = sixteenths(5, 2, 1);
  const choose = (kernels: SelectionKernels) => select({ mode: "default", budget: 2, kernels }, { features });

  it("are refused before any work", () => {
    const wrong: [unknown, string][] = [
      [null, "null"],
      ["webgpu", '"webgpu"'],
      [{ gram: () => features }, "an object of kind Object"],
    ];
    for (const [kernels, shown] of wrong) {
      for (const mode of ["default", "official"]) {
        const options: SelectorOptions = JSON.parse(JSON.stringify({ mode, budget: 2 }));
        expect(() => Reflect.apply(createSelector, undefined, [{ ...options, kernels }])).toThrow(
          new TypeError(`createSelector: "kernels" must have the functions pairwise and gram, got ${shown}`),
        );
      }
    }
  });

  it("end the selection with their own error", async () => {
    const lost = () => Promise.reject(new Error("the device was lost"));
    await expect(choose({ mode: "webgpu", pairwise: lost, gram: lost })).rejects.toThrow(
      new Error("the device was lost"),
    );
  });

  it("must return a finite table of the right size", async () => {
    const returning = (table: Matrix) => ({ ...plainKernels(), gram: async () => table });
    await expect(choose(returning(sixteenths(5, 4, 1)))).rejects.toThrow(
      new RangeError('select: "kernels.gram" must return 5 x 5 entries, got 5 x 4'),
    );
    const table = matrix(new Float32Array(25).fill(Number.NaN), 5, 5);
    await expect(choose(returning(table))).rejects.toThrow(
      new RangeError('select: "kernels.gram" must be finite, got NaN at [0, 0]'),
    );
  });
});
