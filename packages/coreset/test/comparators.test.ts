import { matrix, normal } from "@colm/array";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSelector, type SelectorOptions } from "../src/index.ts";
import { reordered, select, sixteenths, squaredError, sum } from "./pools.ts";

const line = (...values: number[]) => matrix(Float32Array.from(values), values.length, 1);

const byFeatures = [
  "facility-location",
  "herding",
  "gram-schmidt-walk",
  "grad-match",
  "craig",
  "grad-norm",
  "kmeans-centres",
] as const;
const byScores = [
  "big-loss",
  "small-loss",
  "middle-perplexity",
  "completion-length",
  "least-confidence",
] as const;

const every = [...byFeatures, ...byScores].map((method) => [method] as const);

const pools = fc
  .record({
    sources: fc.array(fc.nat(3), { minLength: 1, maxLength: 16 }),
    small: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    seed: fc.nat(1000),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ sources, small, seed, part }) => ({
    small,
    seed,
    budget: Math.max(1, Math.round(part * sources.length)),
    pool: {
      sources,
      features: sixteenths(sources.length, 3, seed),
      losses: sources.map((_, i) => ((i * 7 + seed) % 11) / 4),
      lengths: sources.map((_, i) => (i * 5 + seed) % 13),
      confidences: sources.map((_, i) => ((i * 3 + seed) % 8) / 8),
    },
  }));

describe.each(every)("%s", (method) => {
  it("keeps small sources and chooses exactly the budget, with weights that sum to it", async () => {
    await fc.assert(
      fc.asyncProperty(pools, async ({ small, seed, budget, pool }) => {
        const options: SelectorOptions = { method, budget, seed, sources: { small } };
        const { indices, weights, diagnostics } = await select(options, pool);
        expect(indices.length).toBe(budget);
        expect(new Set(indices).size).toBe(budget);
        const ofSmall = pool.sources.flatMap((source, i) => (small[source] ? [i] : []));
        expect(Array.from(indices.slice(0, diagnostics.kept))).toEqual(ofSmall.slice(0, budget));
        for (const i of indices.slice(diagnostics.kept)) expect(small[pool.sources[i]]).toBe(false);
        // float32 weights
        expect(Math.abs(sum(weights) - budget)).toBeLessThan(budget * 1e-5);
        expect(sum(diagnostics.mass)).toBeCloseTo(1, 5);
        for (const weight of weights) expect(weight).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 60 },
    );
  });

  it("goes on from a cloned state, and leaves pool and state alone", async () => {
    const features = sixteenths(12, 3, 4);
    const losses = Array.from({ length: 12 }, (_, i) => ((i * 5) % 12) / 8);
    const pool = {
      features,
      losses,
      lengths: losses.map((x) => x * 8),
      confidences: losses.map((x) => x / 2),
    };
    const before = structuredClone({ ...pool, features: features.data });
    const selector = createSelector({ method, budget: 5, seed: 3 });
    const first = await selector.select(selector.init(), pool);
    const held = structuredClone(first.state);
    const a = await selector.select(first.state, pool);
    const b = await selector.select(structuredClone(first.state), pool);
    expect(b).toEqual(a);
    expect(first.state).toEqual(held);
    expect({ ...pool, features: features.data }).toEqual(before);
  });

  it("drops examples without a finite loss, and chooses as if they had not been there", async () => {
    const features = sixteenths(12, 3, 6);
    const losses = Array.from({ length: 12 }, (_, i) => ((i * 5) % 12) / 8);
    const lengths = losses.map((x) => x * 8);
    const confidences = losses.map((x) => x / 2);
    const rest = [0, 1, 3, 4, 5, 6, 8, 9, 11];
    const only = (values: number[]) => rest.map((i) => values[i]);
    const broken = losses.map((loss, i) => (rest.includes(i) ? loss : Number.NaN));
    const options = { method, budget: 4, seed: 2 } as const;
    const whole = await select(options, { features, losses: broken, lengths, confidences });
    const part = await select(options, {
      features: reordered(features, rest),
      losses: only(losses),
      lengths: only(lengths),
      confidences: only(confidences),
    });
    expect(Array.from(whole.indices)).toEqual(Array.from(part.indices, (i) => rest[i]));
    expect(whole.weights).toEqual(part.weights);
    expect(whole.diagnostics).toMatchObject({ pool: 12, dropped: 3 });
  });

  it("says what it needs, and refuses a pool without it", async () => {
    const selector = createSelector({ method, budget: 1, seed: 1 });
    const { needs } = selector;
    const read = (["features", "losses", "lengths", "confidences"] as const).filter((name) => needs[name]);
    expect(read.length).toBe(1);
    expect(needs.gradients).toBe(false);
    await expect(selector.select(selector.init(), { sources: [0, 0] })).rejects.toThrow(
      new TypeError(`select: "pool.${read[0]}" must be given for this method, got undefined`),
    );
  });
});

describe.each(byFeatures.map((method) => [method] as const))("%s", (method) => {
  it("reads features of any strides", async () => {
    const features = sixteenths(14, 5, 9);
    const strided = matrix(new Float32Array(5 * 14), 5, 14).transpose(1, 0);
    for (let i = 0; i < 14; i++) for (let j = 0; j < 5; j++) strided.set(i, j, features.get(i, j));
    const options = { method, budget: 6, seed: 3 } as const;
    const there = await select(options, { features: strided });
    const here = await select(options, { features });
    expect(there.indices).toEqual(here.indices);
    expect(there.weights).toEqual(here.weights);
  });

  it("takes a pool of equal rows, of one, and of as many as the budget", async () => {
    const equal = matrix(new Float32Array(12).fill(0.5), 6, 2);
    for (const budget of [1, 3, 6]) {
      const { indices, weights } = await select({ method, budget, seed: 1 }, { features: equal });
      expect(new Set(indices).size).toBe(budget);
      expect(sum(weights)).toBeCloseTo(budget, 5);
    }
    const one = await select({ method, budget: 1, seed: 1 }, { features: line(3) });
    expect(one.indices).toEqual(Int32Array.of(0));
    const zeros = await select({ method, budget: 2, seed: 1 }, { features: line(0, 0, 0) });
    expect(new Set(zeros.indices).size).toBe(2);
  });
});

describe("by hand", () => {
  const choose = async (options: SelectorOptions, pool: Parameters<typeof select>[1]) =>
    Array.from((await select(options, pool)).indices);

  it("big-loss and small-loss, the lower position of equals, without losses that are not finite", async () => {
    const losses = [2, 5, Number.NaN, 1, 5, 0.5];
    expect(await choose({ method: "big-loss", budget: 3 }, { losses })).toEqual([1, 4, 0]);
    expect(await choose({ method: "small-loss", budget: 2 }, { losses })).toEqual([5, 3]);
  });

  it("middle-perplexity: the middle ranks", async () => {
    const losses = [9, 1, 4, 7, 2];
    expect(await choose({ method: "middle-perplexity", budget: 3 }, { losses })).toEqual([4, 2, 3]);
    // of five, two in the middle: ranks 1 and 2
    expect(await choose({ method: "middle-perplexity", budget: 2 }, { losses })).toEqual([4, 2]);
  });

  it("completion-length and least-confidence", async () => {
    expect(await choose({ method: "completion-length", budget: 2 }, { lengths: [3, 9, 1, 9] })).toEqual([
      1, 3,
    ]);
    expect(
      await choose({ method: "least-confidence", budget: 2 }, { confidences: [0.5, 0.25, 1, 0.125] }),
    ).toEqual([3, 1]);
  });

  it("grad-norm: the longest rows", async () => {
    const features = matrix(Float32Array.of(1, 1, -3, 0, 0, 2, 2, 2), 4, 2);
    expect(await choose({ method: "grad-norm", budget: 2 }, { features })).toEqual([1, 3]);
  });

  it("grad-norm and kmeans-centres where squares overflow, or vanish", async () => {
    for (const unit of [1e200, 1e-200, 1e300, 1e-310]) {
      const features = matrix(Float64Array.of(unit, 2 * unit, 5 * unit), 3, 1);
      expect(await choose({ method: "grad-norm", budget: 1 }, { features })).toEqual([2]);
      const centre = { method: "kmeans-centres", budget: 1, seed: 1 } as const;
      expect(await choose(centre, { features })).toEqual([1]);
    }
  });

  it("facility-location: the medoids of two groups on a line", async () => {
    const features = line(0, 1, 2, 10, 11, 12);
    expect(await choose({ method: "facility-location", budget: 2 }, { features })).toEqual([2, 4]);
  });

  it("facility-location leaves to small sources what they cover already", async () => {
    const options = { method: "facility-location", budget: 2, sources: { small: [false, true] } } as const;
    const pool = { features: line(0, 1, 2, 10, 11, 12), sources: [0, 0, 0, 0, 1, 0] };
    expect(await choose(options, pool)).toEqual([4, 1]);
  });

  it("craig: weights are the sizes of clusters", async () => {
    const { indices, weights } = await select(
      { method: "craig", budget: 2 },
      { features: line(0, 1, 2, 3, 20, 21) },
    );
    const sizes = new Map(Array.from(indices, (i, t) => [i < 4, (weights[t] * 6) / 2]));
    expect(sizes.get(true)).toBeCloseTo(4, 5);
    expect(sizes.get(false)).toBeCloseTo(2, 5);
  });

  it("kmeans-centres: the row nearest to each mean, and equal rows in pool order", async () => {
    const features = line(0, 1, 2, 100, 101, 102);
    const chosen = await choose({ method: "kmeans-centres", budget: 2, seed: 1 }, { features });
    expect(chosen.toSorted()).toEqual([1, 4]);
    const equal = await choose({ method: "kmeans-centres", budget: 2, seed: 1 }, { features: line(7, 7, 7) });
    expect(equal).toEqual([0, 1]);
  });

  it("grad-match: two orthogonal directions with the weights that they have in the mean", async () => {
    // mean (3, 1) / 4 * 2 from three of (2, 0) and one of (0, 2)
    const features = matrix(Float32Array.of(2, 0, 2, 0, 2, 0, 0, 2), 4, 2);
    const { indices, weights } = await select({ method: "grad-match", budget: 2 }, { features });
    expect(Array.from(indices)).toEqual([0, 3]);
    expect(weights[0] / weights[1]).toBeCloseTo(3, 2);
  });
});

describe("grad-match", () => {
  it("matches the mean at least as well as uniform weights do on its own choice", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(2000), fc.integer({ min: 2, max: 9 }), async (seed, budget) => {
        const features = sixteenths(10, 4, seed);
        const matched = await select({ method: "grad-match", budget }, { features });
        const weights = new Array<number>(10).fill(0);
        matched.indices.forEach((i, t) => {
          weights[i] = matched.weights[t] / budget;
        });
        const target = new Array<number>(10).fill(0.1);
        let error = 0;
        for (let j = 0; j < 4; j++)
          error += sum(weights.map((w, i) => (w - target[i]) * features.get(i, j))) ** 2;
        const uniform = squaredError(features, Array.from(matched.indices), target);
        // the ridge weighs 1e-3 of the mean squared length, here at most 20, for each unit of |w|^2
        expect(error).toBeLessThanOrEqual(uniform + 0.02);
      }),
    );
  });

  it("goes on when the target is matched already", async () => {
    const { indices, weights } = await select(
      { method: "grad-match", budget: 3 },
      { features: line(2, 2, 2, 2) },
    );
    expect(indices.length).toBe(3);
    expect(sum(weights)).toBeCloseTo(3, 5);
  });
});

it("one source and no Adam space: the official mode is plain facility location but for ties", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(5000), fc.integer({ min: 1, max: 12 }), async (seed, budget) => {
      // draws that are not rounded do not tie, but for the last of two that are each other's nearest
      const features = matrix(normal(new Float32Array(36), { seed }), 12, 3);
      const distance = (i: number, k: number) =>
        sum([0, 1, 2].map((j) => Math.abs(features.get(i, j) - features.get(k, j))));
      const rows = Array.from({ length: 12 }, (_, i) => i);
      const largest = Math.max(...rows.flatMap((i) => rows.map((k) => distance(i, k))));
      const reached = ({ indices }: { indices: Int32Array }) =>
        sum(rows.map((i) => largest - Math.min(...Array.from(indices, (k) => distance(i, k)))));
      const official = await select({ mode: "official", budget, adam: false }, { gradients: features });
      const plain = await select({ method: "facility-location", budget }, { features });
      // which of two it takes changes what greed finds next, a little
      expect(Math.abs(reached(official) - reached(plain))).toBeLessThanOrEqual(0.03 * reached(plain));
      // the first pick stands for all rows: no pair decides it
      expect(official.indices[0]).toBe(plain.indices[0]);
      // the second may be either of two that are each other's nearest: the same gain, to the rounding of float32
      if (budget < 3)
        expect(Math.abs(reached(official) - reached(plain))).toBeLessThanOrEqual(1e-5 * reached(plain));
    }),
    { numRuns: 50 },
  );
});

describe("gram-schmidt-walk", () => {
  it("chooses every example equally often, and a mean nearer than random draws do", async () => {
    const features = sixteenths(16, 3, 5);
    const target = new Array<number>(16).fill(1 / 16);
    const runs = async (method: "gram-schmidt-walk" | "random") => {
      const counts = new Array<number>(16).fill(0);
      let error = 0;
      const selector = createSelector({ method, budget: 6, seed: 2 });
      for (let state = selector.init(); state.step < 800; ) {
        const result = await selector.select(state, { features });
        for (const i of result.indices) counts[i]++;
        error += squaredError(features, Array.from(result.indices), target) / 800;
        state = result.state;
      }
      return { counts, error };
    };
    const walked = await runs("gram-schmidt-walk");
    // 300 expected; a binomial count has a standard deviation of 13.7; five of them
    for (const count of walked.counts) expect(Math.abs(count - 300)).toBeLessThan(69);
    expect(walked.error).toBeLessThan(0.6 * (await runs("random")).error);
  });
});
