import { adamNormalize, normalizedFeatures } from "@colm/adam-normalize";
import { type Matrix, matrix, normal } from "@colm/array";
import { dense, directionalGradients } from "@colm/spsa";
import { selectMedoids } from "@colm/submodular";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSelector, type Pool, type SelectorOptions } from "../src/index.ts";
import { reordered, select, squaredError } from "./pools.ts";

const byScores = [
  "big-loss",
  "small-loss",
  "middle-perplexity",
  "completion-length",
  "least-confidence",
] as const;

/** Draws that are not rounded do not tie. */
const untied = (rows: number, cols: number, seed: number): Matrix =>
  matrix(normal(new Float32Array(rows * cols), { seed }), rows, cols);
const small = [false, false, true];
const sources = Array.from({ length: 18 }, (_, i) => (i % 7 === 3 ? 2 : i % 2));

/**
 * Three clouds of six: where three are chosen greedy facility location takes one of each. With more it comes to isolated pairs of
 * nearest neighbours, either of which gains exactly the same.
 */
const clouds = (seed: number): Matrix =>
  matrix(
    untied(18, 5, seed).data.map((x, at) => x + (at % 5 === Math.floor(at / 5) % 3 ? 40 : 0)),
    18,
    5,
  );

/** Methods without draws. */
const settled: { name: string; options: SelectorOptions }[] = [
  ...(["facility-location", "herding", "grad-match", "craig", "grad-norm"] as const).flatMap((method) => [
    { name: method, options: { method, budget: 3 } },
    { name: `${method}, cluster weights`, options: { method, budget: 3, weighting: "cluster" } as const },
  ]),
  ...byScores.map((method) => ({ name: method, options: { method, budget: 3 } })),
  { name: "default", options: { mode: "default", budget: 3 } },
  ...(["l1", "l2", "cosine", "dot"] as const).map((metric) => ({
    name: `official, ${metric}`,
    options: { mode: "official", adam: false, metric, weighting: "cluster", budget: 3 } as const,
  })),
];

describe("laws of methods that do not draw", () => {
  const poolIn = (order: number[], seed: number): Pool => {
    const scores = normal(new Float32Array(18), { seed, stream: 1 });
    const of = (values: ArrayLike<number>): number[] => order.map((i) => values[i]);
    return {
      features: reordered(clouds(seed), order),
      gradients: reordered(clouds(seed), order),
      losses: of(scores),
      // all different, in some order
      lengths: of(Array.from({ length: 18 }, (_, i) => (i * 7 + seed) % 18)),
      confidences: of(Array.from({ length: 18 }, (_, i) => ((i * 11 + seed) % 18) / 18)),
    };
  };
  const asIs = Array.from({ length: 18 }, (_, i) => i);

  it.each(settled)("$name: the order of the pool does not matter", async ({ options }) => {
    const orders = fc.shuffledSubarray(asIs, { minLength: 18, maxLength: 18 });
    await fc.assert(
      fc.asyncProperty(fc.nat(10_000), orders, async (seed, order) => {
        const here = await select(options, poolIn(asIs, seed));
        const there = await select(options, poolIn(order, seed));
        const weightOf = (rows: ArrayLike<number>, weights: Float32Array): [number, number][] =>
          Array.from(rows, (row, t): [number, number] => [row, weights[t]]).sort(([a], [b]) => a - b);
        const a = weightOf(here.indices, here.weights);
        const b = weightOf(
          there.indices.map((i) => order[i]),
          there.weights,
        );
        expect(b.map(([row]) => row)).toEqual(a.map(([row]) => row));
        for (const [t, [, weight]] of b.entries()) expect(weight).toBeCloseTo(a[t][1], 3);
        const { matching: errors } = here.diagnostics;
        if (errors) expect(there.diagnostics.matching?.plain).toBeCloseTo(errors.plain, 6);
      }),
      { numRuns: 15 },
    );
  });

  it.each(settled)("$name: the scale of the features does not matter", async ({ options }) => {
    const pool = poolIn(asIs, 5);
    const here = await select(options, pool);
    for (const exponent of [-12, 9]) {
      const features = matrix(
        clouds(5).data.map((x) => x * 2 ** exponent),
        18,
        5,
      );
      const there = await select(options, { ...pool, features, gradients: features });
      expect(there.indices).toEqual(here.indices);
      expect(there.weights).toEqual(here.weights);
    }
  });

  it.each(settled)("$name: a second call gives the same", async ({ options }) => {
    expect(await select(options, poolIn(asIs, 6))).toEqual(await select(options, poolIn(asIs, 6)));
  });
});

describe("laws of ties", () => {
  const features = matrix(
    Float32Array.from({ length: 12 }, (_, i) => (i < 8 ? 1 : -2)),
    6,
    2,
  );

  it.each(["facility-location", "herding", "grad-match", "craig", "grad-norm", "kmeans-centres"] as const)(
    "%s: of equal examples the earlier ones",
    async (method) => {
      // four equal examples, then two
      const { indices } = await select({ method, budget: 4, seed: 1 }, { features });
      const [first, second] = [
        Array.from(indices).filter((i) => i < 4),
        Array.from(indices).filter((i) => i >= 4),
      ];
      expect(first).toEqual(Array.from({ length: first.length }, (_, i) => i));
      expect(second.toSorted()).toEqual(Array.from({ length: second.length }, (_, i) => 4 + i));
    },
  );

  it.each(byScores)("%s: of equal scores the earlier ones", async (method) => {
    const equal = [0.5, 0.5, 0.5, 0.5];
    const pool = { losses: equal, lengths: [3, 3, 3, 3], confidences: equal };
    const expected = method === "middle-perplexity" ? [1, 2] : [0, 1];
    expect(Array.from((await select({ method, budget: 2 }, pool)).indices)).toEqual(expected);
  });
});

describe("laws of official mode", () => {
  const adam = adamNormalize();
  const several = directionalGradients(untied(18, 3, 2), { dimension: 60, seed: 3 });

  it("one source and a share of it: the medoids of the normalised features", async () => {
    for (const gradients of [several, dense(several)]) {
      const { indices, weights } = await select(
        { mode: "official", budget: 7, keep: 20, weighting: "cluster" },
        { gradients },
      );
      const features = normalizedFeatures(adam.init(60), gradients, { keep: 20, normalizer: adam });
      const medoids = selectMedoids(features, { count: 7, metric: "l1", method: "lazy", ties: "high" });
      expect(indices).toEqual(medoids.indices);
      expect(Array.from(weights)).toEqual(Array.from(medoids.sizes, (size) => Math.fround((size * 7) / 18)));
    }
  });

  it("betas of 0: the signs of the gradients, whatever their sizes", async () => {
    const adamOfSigns = { beta1: 0, beta2: 0, epsilon: 1e-30 };
    const options = { mode: "official", budget: 7, adam: adamOfSigns, sources: { small } } as const;
    const gradients = untied(18, 11, 4);
    const signs = matrix(gradients.data.map(Math.sign), 18, 11);
    const here = await select(options, { gradients, sources });
    const there = await select({ ...options, adam: false }, { gradients: signs, sources });
    expect(here.indices).toEqual(there.indices);
    // and so the scale of each coordinate does not matter
    const scaled = matrix(
      gradients.data.map((g, at) => g * 2 ** ((at % 11) - 5)),
      18,
      11,
    );
    expect((await select(options, { gradients: scaled, sources })).indices).toEqual(here.indices);
  });

  it("all coordinates kept: sparsification is the identity", async () => {
    for (const gradients of [
      several,
      dense(several),
      directionalGradients(untied(18, 1, 6), { dimension: 60, seed: 3 }),
    ]) {
      const options = { mode: "official", budget: 7, sources: { small } } as const;
      const all = await select({ ...options, keep: 60 }, { gradients, sources });
      expect(all).toEqual(await select(options, { gradients, sources }));
    }
  });

  it("streamed or held in full: the same choice and history, over a run", async () => {
    const selector = createSelector({ mode: "official", budget: 7, keep: 15, sources: { small } });
    let [a, b] = [selector.init(), selector.init()];
    for (let step = 0; step < 4; step++) {
      const gradients = directionalGradients(untied(18, 4, 10 + step), {
        dimension: 50,
        seed: 3,
        step,
        fresh: true,
      });
      const streamed = await selector.select(a, { gradients, sources });
      const full = await selector.select(b, { gradients: dense(gradients), sources });
      expect(streamed.indices).toEqual(full.indices);
      [a, b] = [streamed.state, full.state];
    }
  });
});

describe("laws of the matching error", () => {
  it("is that of the gradients where each source keeps coordinates of its own", async () => {
    const options = { mode: "official", budget: 7, keep: 40, sources: { small } } as const;
    const several = directionalGradients(untied(18, 3, 2), { dimension: 4000, seed: 3 });
    const full = dense(several);
    const { indices, diagnostics } = await select(options, { gradients: several, sources });
    const stored = await select(options, { gradients: full, sources });
    expect(stored.indices).toEqual(indices);
    const plain = new Array<number>(18).fill(1 / 18);
    const error = Math.sqrt(squaredError(full, Array.from(indices), plain) / squaredError(full, [], plain));
    expect(stored.diagnostics.matching?.plain).toBeCloseTo(error, 6);
    // three directions of 4000 entries are orthogonal to some hundredths
    expect(Math.abs((diagnostics.matching?.plain ?? 0) - error)).toBeLessThan(0.05 * error);
  });

  it.each(["herding", "facility-location", "grad-norm"] as const)(
    "%s: how far the choice's mean lies from the plain and the up-weighted one, by the definition",
    async (method) => {
      const features = untied(18, 5, 3);
      const { indices, diagnostics } = await select(
        { method, budget: 9, sources: { small } },
        { features, sources },
      );
      const chosen = Array.from(indices);
      const isSmall = sources.map((source) => small[source]);
      const [few, many] = [isSmall.filter(Boolean).length, isSmall.filter((own) => !own).length];
      const plain = isSmall.map(() => 1 / 18);
      const part = diagnostics.kept / 9;
      const upweighted = isSmall.map((own) => (own ? part / few : (1 - part) / many));
      for (const [name, target] of [
        ["plain", plain],
        ["upweighted", upweighted],
      ] as const) {
        // the distance from nothing chosen is the length of the mean
        const length = squaredError(features, [], target);
        expect(diagnostics.matching?.[name]).toBeCloseTo(
          Math.sqrt(squaredError(features, chosen, target) / length),
          6,
        );
      }
      // |a - b|^2 = |a|^2 + |b|^2 - 2 |a| |b| cosine
      const { ratio = 0, cosine = 0 } = diagnostics.matching ?? {};
      const length = squaredError(features, [], plain);
      const zero = plain.map(() => 0);
      expect(ratio).toBeCloseTo(Math.sqrt(squaredError(features, chosen, zero) / length), 6);
      expect(1 + ratio ** 2 - 2 * ratio * cosine).toBeCloseTo(
        squaredError(features, chosen, plain) / length,
        6,
      );
    },
  );
});
