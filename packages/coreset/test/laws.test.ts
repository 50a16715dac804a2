import { matrix } from "@colm/array";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createSelector,
  type FeatureMethodName,
  type ScoreMethodName,
  type SelectorOptions,
} from "../src/index.ts";
import { select, sixteenths, sum } from "./pools.ts";

const byFeatures: FeatureMethodName[] = [
  "facility-location",
  "herding",
  "gram-schmidt-walk",
  "grad-match",
  "craig",
  "grad-norm",
  "kmeans-centres",
];
const byScores: ScoreMethodName[] = [
  "big-loss",
  "small-loss",
  "middle-perplexity",
  "completion-length",
  "least-confidence",
];

interface Contender {
  readonly name: string;
  /** Whether examples of small sources are kept. */
  readonly keeps: boolean;
  readonly options: (budget: number, small: boolean[], seed: number) => SelectorOptions;
}

const overflows = ["truncate", "random", "proportional"] as const;
const rulesOf = (small: boolean[], seed: number) => ({ small, overflow: overflows[seed % 3] });
/** Every method, and the settings that change what is spent on whom. */
const contenders: Contender[] = [
  {
    name: "official",
    keeps: true,
    options: (budget, small, seed) => ({ mode: "official", budget, seed, sources: rulesOf(small, seed) }),
  },
  {
    name: "official, balanced shares, clusters",
    keeps: true,
    options: (budget, small, seed) => ({
      mode: "official",
      budget,
      seed,
      weighting: "cluster",
      sources: { small, quotas: { strategy: "balanced", rounding: "ceil" } },
    }),
  },
  {
    name: "official, equal shares, few coordinates",
    keeps: true,
    options: (budget, small, seed) => ({
      mode: "official",
      budget,
      seed,
      keep: 2,
      sources: { small, quotas: { strategy: "equal" } },
    }),
  },
  {
    name: "default",
    keeps: true,
    options: (budget, small, seed) => ({ mode: "default", budget, seed, sources: rulesOf(small, seed) }),
  },
  {
    name: "default, shares, clusters",
    keeps: true,
    options: (budget, small) => ({
      mode: "default",
      budget,
      weighting: "cluster",
      sources: { small, quotas: { strategy: "proportional" } },
    }),
  },
  { name: "random", keeps: false, options: (budget, _, seed) => ({ method: "random", budget, seed }) },
  {
    name: "keep-random",
    keeps: true,
    options: (budget, small, seed) => ({
      method: "keep-random",
      budget,
      seed,
      sources: rulesOf(small, seed),
    }),
  },
  ...byFeatures.flatMap((method): Contender[] =>
    (["cluster", "matching"] as const).map((weighting) => ({
      name: `${method}, ${weighting} weights`,
      keeps: true,
      options: (budget, small, seed) => ({ method, budget, seed, weighting, sources: rulesOf(small, seed) }),
    })),
  ),
  ...byScores.map(
    (method): Contender => ({
      name: method,
      keeps: true,
      options: (budget, small, seed) => ({ method, budget, seed, sources: rulesOf(small, seed) }),
    }),
  ),
];

/** Pools of up to nine sources, so that many have one example; none, some or all small; some losses without a value. */
const cases = fc
  .record({
    sources: fc.array(fc.nat(8), { minLength: 1, maxLength: 20 }),
    small: fc.oneof(
      fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
      fc.constantFrom(new Array<boolean>(9).fill(true), new Array<boolean>(9).fill(false)),
    ),
    seed: fc.nat(1000),
    part: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(1)),
    lost: fc.array(fc.nat(19), { maxLength: 3 }),
  })
  .filter(({ sources, lost }) => sources.some((_, i) => !lost.includes(i)))
  .map(({ sources, small, seed, part, lost }) => ({
    small,
    seed,
    budget: Math.max(1, Math.round(part * sources.length)),
    usable: sources.flatMap((_, i) => (lost.includes(i) ? [] : [i])),
    pool: poolOf(sources, seed, lost),
  }));

function poolOf(sources: number[], seed: number, lost: number[]) {
  return {
    sources,
    gradients: sixteenths(sources.length, 4, seed),
    features: sixteenths(sources.length, 3, seed + 1),
    losses: sources.map((_, i) => (lost.includes(i) ? Number.NaN : ((i * 7 + seed) % 5) / 4)),
    lengths: sources.map((_, i) => (i * 5 + seed) % 4),
    confidences: sources.map((_, i) => ((i * 3 + seed) % 4) / 4),
  };
}

describe.each(contenders)("laws of every selection: $name", ({ keeps, options }) => {
  it("spends the budget on different usable examples, small sources first, no share above what is there", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ small, seed, budget, usable, pool }) => {
        const { indices, weights, state, diagnostics } = await select(options(budget, small, seed), pool);
        const count = Math.min(budget, usable.length);
        expect(indices.length).toBe(count);
        expect(new Set(indices).size).toBe(count);
        expect(usable).toEqual(expect.arrayContaining(Array.from(indices)));

        const isSmall = (i: number): boolean => keeps && small[pool.sources[i]];
        const ofSmall = usable.filter(isSmall).length;
        const { kept, overflowed, shares, available, selected } = diagnostics;
        expect(kept).toBe(Math.min(ofSmall, count));
        expect(overflowed).toBe(ofSmall - kept);
        expect(Array.from(indices.slice(0, kept)).every(isSmall)).toBe(true);
        expect(Array.from(indices.slice(kept)).some(isSmall)).toBe(false);
        if (shares !== undefined) {
          expect(kept + sum(shares)).toBe(count);
          for (const [s, share] of shares.entries()) {
            expect(share).toBe(keeps && small[s] ? 0 : selected[s]);
            expect(share).toBeLessThanOrEqual(available[s]);
          }
        }
        expect(sum(selected)).toBe(count);
        expect(sum(available)).toBe(usable.length);

        // float32 weights
        expect(Math.abs(sum(weights) - count)).toBeLessThan(count * 1e-5);
        expect(state.step).toBe(1);
      }),
      { numRuns: 40 },
    );
  });

  it("tells each source's part of the weight, and the bytes and milliseconds of each stage", async () => {
    let now = 0;
    const clock = (): number => now++;
    const pool = poolOf([0, 1, 1, 2, 0, 1, 2, 2, 2], 5, [3]);
    const small = [true, false, false, false, false, false, false, false, false];
    const { indices, weights, diagnostics } = await select({ ...options(5, small, 3), now: clock }, pool);
    const { mass, bytes, milliseconds = {}, dropped, pool: size } = diagnostics;
    expect([size, dropped]).toEqual([9, 1]);
    for (const [s, part] of mass.entries()) {
      const own = Array.from(weights).filter((_, t) => pool.sources[indices[t]] === s);
      expect(part).toBeCloseTo(sum(own) / sum(weights), 6);
    }
    expect(Object.keys(milliseconds)).toEqual(expect.arrayContaining(Object.keys(bytes)));
    for (const value of [...Object.values(bytes), ...Object.values(milliseconds)]) {
      expect(value).toBeGreaterThanOrEqual(0);
    }
  });

  it("leaves pool and state as they are", async () => {
    const pool = poolOf([0, 1, 1, 2, 0, 1, 2, 2, 2], 7, [4]);
    const copy = (): unknown =>
      structuredClone({ ...pool, gradients: pool.gradients.data, features: pool.features.data });
    const before = copy();
    const selector = createSelector(
      options(4, [true, false, false, false, false, false, false, false, false], 2),
    );
    const first = await selector.select(selector.init(), pool);
    const held = structuredClone(first.state);
    await selector.select(first.state, pool);
    expect(first.state).toEqual(held);
    expect(copy()).toEqual(before);
  });

  it("refuses an empty pool", async () => {
    const none = matrix(new Float32Array(0), 0, 3);
    const pool = { sources: [], gradients: none, features: none, losses: [], lengths: [], confidences: [] };
    await expect(select(options(2, [true, false], 1), pool)).rejects.toThrow(
      new RangeError('select: "pool" must have at least as many examples as the budget of 2, got 0'),
    );
  });
});
