import { adamNormalize } from "@colm/adam-normalize";
import { matrix, normal } from "@colm/array";
import { dense, directionalGradients } from "@colm/spsa";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSelector, type DefaultOptions, type SelectionResult } from "../src/index.ts";
import { select, sixteenths, sum } from "./pools.ts";

const sources = Array.from({ length: 24 }, (_, i) => [0, 0, 0, 1, 0, 2][i % 6]);
const pool = { features: sixteenths(24, 6, 2), sources };
const base: DefaultOptions = {
  mode: "default",
  budget: 10,
  seed: 1,
  sources: { small: [false, false, true] },
};

const outcome = ({ indices, weights, diagnostics }: SelectionResult) => ({
  indices: Array.from(indices),
  weights: Array.from(weights),
  kept: diagnostics.kept,
});

describe("colm, default", () => {
  it("is herding with small sources kept", async () => {
    const plain = await select(base, pool);
    const { mode: _, ...settings } = base;
    const herding = await select({ ...settings, method: "herding" }, pool);
    expect(outcome(plain)).toEqual(outcome(herding));
    expect(plain.diagnostics).toMatchObject({ kept: 4, overflowed: 0, distinctFeatures: 20 });
    expect(plain.weights).toEqual(new Float32Array(10).fill(1));
    expect(plain.state).toEqual({ step: 1, history: null });
  });

  it("needs what its features say, and takes features in place of gradients", async () => {
    const kinds = ["static", "remembered", "last-block", "last-value", "spsa"] as const;
    const needs = kinds.map((features) => createSelector({ ...base, features }).needs);
    expect(needs.map(({ gradients }) => gradients)).toEqual([false, false, true, true, true]);
    expect(needs.map(({ features }) => features)).toEqual([true, false, false, false, false]);
    expect(needs.map(({ ids }) => ids)).toEqual([false, true, false, false, false]);
    expect(needs.map(({ kind }) => kind)).toEqual(kinds);
    const expected = outcome(await select(base, pool));
    for (const features of ["last-block", "last-value"] as const) {
      const { features: gradients } = pool;
      expect(outcome(await select({ ...base, features }, { gradients, sources }))).toEqual(expected);
      expect(outcome(await select({ ...base, features }, pool))).toEqual(expected);
    }
    await expect(select({ ...base, features: "last-block" }, { sources })).rejects.toThrow(
      new TypeError('select: "pool.gradients" must be given for this method, got undefined'),
    );
  });

  it("chooses from estimates as from the gradients that they stand for", async () => {
    const coefficients = matrix(normal(new Float32Array(24 * 3), { seed: 5 }), 24, 3);
    const gradients = directionalGradients(coefficients, { dimension: 500, seed: 6 });
    const few = await select({ ...base, features: "spsa" }, { gradients, sources });
    const full = await select({ ...base, features: "last-value" }, { gradients: dense(gradients), sources });
    expect(few.indices).toEqual(full.indices);
    expect(few.diagnostics.matching?.upweighted).toBeCloseTo(full.diagnostics.matching?.upweighted ?? 0, 5);
    expect(few.diagnostics.bytes.features).toBe(24 * 3 * 4);
  });

  describe("each component is a switch of its own", () => {
    const vary = async (options: Partial<DefaultOptions>) => select({ ...base, ...options }, pool);

    it("small sources: none kept, and the plain mean matched", async () => {
      const { diagnostics, indices } = await vary({ sources: {} });
      expect(diagnostics.kept).toBe(0);
      expect(diagnostics.matching?.plain).toBe(diagnostics.matching?.upweighted);
      expect(diagnostics.matching?.plain ?? 1).toBeLessThan(
        (await vary({})).diagnostics.matching?.plain ?? 0,
      );
      expect(indices.length).toBe(10);
    });

    it("their mass: as many as the share says, where the big ones can fill the rest", async () => {
      const small = [false, false, true];
      const kept = async (mass: number | "all", budget: number) =>
        (await vary({ budget, sources: { small, mass } })).diagnostics.kept;
      expect(await kept("all", 10)).toBe(4);
      expect(await kept(0.3, 10)).toBe(3);
      expect(await kept(0, 10)).toBe(0);
      expect(await kept(1, 10)).toBe(4);
      // 20 of the others only
      expect(await kept(0, 22)).toBe(2);
      const { diagnostics } = await vary({ sources: { small, mass: 0.2 } });
      expect(diagnostics.mass[2]).toBeCloseTo(0.2, 6);
      expect(diagnostics.overflowed).toBe(2);
    });

    it("the target", async () => {
      const plain = (await vary({ target: "plain" })).diagnostics.matching;
      const upweighted = (await vary({})).diagnostics.matching;
      expect(plain?.plain ?? 1).toBeLessThan(upweighted?.plain ?? 0);
      expect(plain?.upweighted ?? 0).toBeGreaterThan(upweighted?.upweighted ?? 1);
    });

    it("swaps", async () => {
      const without = (await vary({ swaps: false })).diagnostics.matching?.upweighted ?? 0;
      expect((await vary({})).diagnostics.matching?.upweighted ?? 1).toBeLessThanOrEqual(without);
    });

    it("weighting: the same choice with other weights, of the same sum", async () => {
      const uniform = await vary({});
      const cluster = await vary({ weighting: "cluster" });
      const matching = await vary({ weighting: "matching" });
      for (const other of [cluster, matching]) {
        expect(other.indices).toEqual(uniform.indices);
        expect(sum(other.weights)).toBeCloseTo(10, 4);
        expect(other.weights).not.toEqual(uniform.weights);
      }
      const error = ({ diagnostics }: SelectionResult) => diagnostics.matching?.upweighted ?? 1;
      expect(error(matching)).toBeLessThan(error(uniform));
    });

    it("shares: every big source in proportion", async () => {
      const { diagnostics } = await vary({ sources: { small: [false, false, true], quotas: {} } });
      // 6 for 16 and 4 of them: 4.8 and 1.2, rounded down, and one more for the smaller
      expect(diagnostics.shares).toEqual([4, 2, 0]);
      expect(diagnostics.selected).toEqual([4, 2, 4]);
    });

    it("metric: cosines do not see lengths", async () => {
      const scaled = matrix(pool.features.data.slice(), 24, 6);
      for (let i = 0; i < 24; i++)
        for (let j = 0; j < 6; j++) scaled.set(i, j, scaled.get(i, j) * 2 ** (i % 5));
      const here = await select({ ...base, metric: "cosine" }, pool);
      const there = await select({ ...base, metric: "cosine" }, { features: scaled, sources });
      expect(there.indices).toEqual(here.indices);
      for (const metric of ["l1", "l2"] as const) expect((await vary({ metric })).indices.length).toBe(10);
    });

    it("sparsification: all coordinates are the identity, few are fewer numbers", async () => {
      const all = await vary({ keep: 6 });
      expect(all.indices).toEqual((await vary({})).indices);
      expect((await vary({ keep: 2 })).diagnostics.bytes.features).toBe(24 * 2 * 4);
    });

    it("Adam space: its history follows the examples chosen from big sources", async () => {
      const { state, indices, diagnostics } = await vary({ adam: {} });
      const adam = adamNormalize();
      const chosen = indices.slice(diagnostics.kept);
      expect(state.history).toEqual(adam.advance(adam.init(6), pool.features, chosen));
      // a first step sees signs alone
      const signs = Float32Array.from(pool.features.data, Math.sign);
      const bySigns = await select({ ...base, adam: false }, { features: matrix(signs, 24, 6), sources });
      expect(diagnostics.distinctFeatures).toBe(bySigns.diagnostics.distinctFeatures);
    });

    it("every: by chance in between, where no features are needed", async () => {
      const selector = createSelector({ ...base, features: "last-block", every: 3 });
      let state = selector.init();
      const needed: boolean[] = [];
      for (let step = 0; step < 7; step++) {
        const { gradients } = selector.needsAt(state);
        needed.push(gradients);
        const { features } = pool;
        const result = await selector.select(
          state,
          gradients ? { gradients: features, sources } : { sources },
        );
        expect(result.diagnostics.kept).toBe(4);
        expect(result.diagnostics.matching !== undefined).toBe(gradients);
        state = result.state;
      }
      expect(needed).toEqual([true, false, false, true, false, false, true]);
      const random = createSelector({
        method: "keep-random",
        budget: 10,
        seed: 1,
        sources: { small: [false, false, true] },
      });
      const a = await selector.select({ step: 1, history: null }, { sources });
      const b = await random.select({ step: 1, history: null }, { sources });
      expect(a.indices).toEqual(b.indices);
    });
  });

  it("spends exactly the budget on pools of any size above it, and never leaves a small source out that fits", async () => {
    const anyPool = fc.record({
      ids: fc.array(fc.nat(2), { minLength: 1, maxLength: 30 }),
      seed: fc.nat(500),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
      mass: fc.constantFrom<number | "all">("all", 0, 0.25, 0.5, 1),
      shared: fc.boolean(),
      weighting: fc.constantFrom("uniform" as const, "cluster" as const, "matching" as const),
    });
    await fc.assert(
      fc.asyncProperty(anyPool, async ({ ids, seed, part, mass, shared, weighting }) => {
        const budget = Math.max(1, Math.round(part * ids.length));
        const small = [false, true, false];
        const features = sixteenths(ids.length, 3, seed);
        const { indices, weights, diagnostics } = await select(
          { mode: "default", budget, weighting, sources: { small, mass, quotas: shared ? {} : false } },
          { features, sources: ids },
        );
        expect(new Set(indices).size).toBe(budget);
        expect(indices.length).toBe(budget);
        expect(Math.abs(sum(weights) - budget)).toBeLessThan(budget * 1e-5);
        diagnostics.selected.forEach((count, source) => {
          expect(count).toBeLessThanOrEqual(diagnostics.available[source]);
        });
        diagnostics.shares?.forEach((share, source) => {
          expect(share).toBeLessThanOrEqual(diagnostics.available[source]);
        });
        if (shared) expect(diagnostics.kept + sum(diagnostics.shares ?? [])).toBe(budget);
        if (mass === "all") expect(diagnostics.kept).toBe(Math.min(budget, diagnostics.available[1]));
      }),
      { numRuns: 150 },
    );
  });

  it("measures stages by the clock that it is given, and by none otherwise", async () => {
    let time = 0;
    const { diagnostics } = await select({ ...base, now: () => time++ }, pool);
    // each stage asks twice, once for what it reads and once for what it makes; the kernel is made within the choice
    expect(diagnostics.milliseconds).toEqual({ features: 2, kernel: 1, choice: 3, history: 1 });
    // the features are the pool's own
    expect(diagnostics.bytes).toEqual({ features: 0, kernel: 24 * 24 * 4, history: 0 });
    expect((await select(base, pool)).diagnostics).not.toHaveProperty("milliseconds");
  });

  it("has no error to report where the mean is 0", async () => {
    const { diagnostics } = await select(
      { mode: "default", budget: 2 },
      { features: matrix(new Float32Array(8), 4, 2) },
    );
    expect(diagnostics).not.toHaveProperty("matching");
    expect(diagnostics.distinctFeatures).toBe(1);
  });

  it.each([
    [
      { features: "hidden" },
      '"features" must be one of "static", "remembered", "last-block", "last-value", "spsa", got "hidden"',
    ],
    [{ weighting: "count" }, '"weighting" must be one of "uniform", "cluster", "matching", got "count"'],
    [{ target: "mean" }, '"target" must be one of "up-weighted", "plain", got "mean"'],
    [{ sources: { mass: 1.5 } }, '"sources.mass" must be in [0, 1] or "all", got 1.5'],
    [{ sources: { mass: "some" } }, '"sources.mass" must be a number or "all", got "some"'],
    [{ swaps: 1 }, '"swaps" must be a boolean, got 1'],
    [{ every: 0 }, '"every" must be at least 1, got 0'],
    [{ every: 2 }, '"seed" must be given for "every" above 1, got undefined'],
    [{ features: "remembered" }, '"seed" must be given for remembered features, got undefined'],
    [{ now: 3 }, '"now" must be a function, got 3'],
    [{ method: "kmeans-centres" }, '"seed" must be given for method "kmeans-centres", got undefined'],
  ])("refuses %o", (wrong, message) => {
    const options = { mode: "default", budget: 2, ...wrong };
    expect(() => Reflect.apply(createSelector, undefined, [options])).toThrow(`createSelector: ${message}`);
  });

  it("refuses a pool whose fields are wrong", async () => {
    const features = matrix(Float32Array.of(1, 2, Number.NaN, 4), 4, 1);
    await expect(select({ mode: "default", budget: 2 }, { features })).rejects.toThrow(
      new RangeError('select: "pool.features" must be finite, got NaN at [2, 0]'),
    );
    const confidences = [0.5, 2];
    await expect(select({ method: "least-confidence", budget: 1 }, { confidences })).rejects.toThrow(
      new RangeError('select: "pool.confidences" must be in [0, 1], got 2 at 1'),
    );
  });
});
