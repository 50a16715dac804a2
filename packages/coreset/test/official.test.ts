import { adamNormalize, directionScalars, moments } from "@colm/adam-normalize";
import { matrix, normal } from "@colm/array";
import { dense, directionalGradients } from "@colm/spsa";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSelector, type Pool, type SelectorState } from "../src/index.ts";

const coefficients = (values: number[]) => matrix(Float32Array.from(values), values.length, 1);
const onOneDirection = (values: number[], dimension = 12) =>
  directionalGradients(coefficients(values), { dimension, seed: 4 });

/** n draws of a normal, rounded to sixteenths so that sums are exact. */
const draws = (n: number, seed: number) =>
  Array.from(normal(new Float32Array(n), { seed }), (x) => Math.round(x * 16) / 16 || 0.0625);

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

/** Facility location of scalars: the sum of `max(D) - D` to the nearest chosen one. */
function coverage(r: ArrayLike<number>, chosen: Int32Array): number {
  const values = Array.from(r);
  const largest = Math.max(...values) - Math.min(...values);
  return sum(values.map((x) => largest - Math.min(...Array.from(chosen, (i) => Math.abs(x - r[i])))));
}

/** Pools with sources, some of them small. */
const pools = fc
  .record({
    sources: fc.array(fc.nat(4), { minLength: 1, maxLength: 24 }),
    small: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
    seed: fc.nat(10_000),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ sources, small, seed, part }) => ({
    sources,
    small,
    budget: Math.max(1, Math.round(part * sources.length)),
    gradients: onOneDirection(draws(sources.length, seed)),
  }));

describe("colm, official", () => {
  it("chooses medoids of the scalars r_i, by hand", async () => {
    const selector = createSelector({ mode: "official", budget: 2, adam: false });
    // distances on a line: 0, 1, 2 and 10, 11, 12; medoids first of the larger side, ties to the larger index
    const gradients = onOneDirection([0, 1, 2, 10, 11, 12]);
    const { indices } = await selector.select(selector.init(), { gradients });
    expect(indices).toEqual(Int32Array.of(3, 1));
  });

  it("sees two features in its first step, and follows the reference's ties: the larger index", async () => {
    const selector = createSelector({ mode: "official", budget: 4 });
    const gradients = onOneDirection([0.5, -1, 2, 3, -0.25, 4]);
    const { indices, diagnostics } = await selector.select(selector.init(), { gradients });
    expect(diagnostics.distinctFeatures).toBe(2);
    expect(diagnostics.warnings).toEqual(["few-distinct-features"]);
    // four at +1, two at -1: one of the majority, one of the others, then the larger indices
    expect(Array.from(indices.slice(0, 2))).toEqual([5, 4]);
  });

  it("keeps small sources first in pool order, then the big ones in ascending order", async () => {
    const selector = createSelector({
      mode: "official",
      budget: 6,
      sources: { small: { counts: [100, 2, 90, 3] } },
    });
    const sources = [2, 1, 0, 3, 0, 2, 1, 2, 0];
    const { indices, diagnostics } = await selector.select(selector.init(), {
      gradients: onOneDirection(draws(9, 1)),
      sources,
    });
    expect(Array.from(indices, (i) => sources[i])).toEqual([1, 3, 1, 0, 0, 2]);
    expect(Array.from(indices.slice(0, 3))).toEqual([1, 3, 6]);
    const { matching, ...counted } = diagnostics;
    expect(matching?.plain).toBeGreaterThan(0);
    expect(counted).toEqual({
      pool: 9,
      dropped: 0,
      kept: 3,
      overflowed: 0,
      available: [3, 2, 3, 1],
      selected: [2, 2, 1, 1],
      shares: [2, 0, 1, 0],
      distinctFeatures: 2,
      estimates: {
        variance: expect.any(Number),
        ties: expect.any(Number),
        unresolved: 0,
        warning: null,
      },
      // three to choose from big sources
      warnings: ["few-distinct-features"],
      mass: [2 / 6, 2 / 6, 1 / 6, 1 / 6].map((part) => expect.closeTo(part, 12)),
      // one float32 each; similarities of the three examples of source 0
      bytes: { features: 36, choice: 36, history: 0 },
    });
  });

  it("chooses exactly the budget, every kept example that fits, and keeps to the shares", async () => {
    await fc.assert(
      fc.asyncProperty(pools, async ({ sources, small, budget, gradients }) => {
        const selector = createSelector({ mode: "official", budget, sources: { small } });
        const { indices, weights, state, diagnostics } = await selector.select(selector.init(), {
          gradients,
          sources,
        });
        expect(indices.length).toBe(budget);
        expect(new Set(indices).size).toBe(budget);
        const ofSmall = sources.flatMap((source, i) => (small[source] ? [i] : []));
        expect(Array.from(indices.slice(0, diagnostics.kept))).toEqual(ofSmall.slice(0, budget));
        expect(diagnostics.kept + sum(diagnostics.shares ?? [])).toBe(budget);
        expect(sum(diagnostics.selected)).toBe(budget);
        expect(sum(weights)).toBe(budget);
        expect(state.step).toBe(1);
      }),
    );
  });

  it("covers alike from the closed form and from the same gradients held in full", async () => {
    const adam = adamNormalize();
    const selector = createSelector({ mode: "official", budget: 5 });
    await fc.assert(
      fc.asyncProperty(fc.nat(1000), async (seed) => {
        let closed = selector.init();
        let full = selector.init();
        for (let k = 0; k < 3; k++) {
          const gradients = onOneDirection(draws(12, 3 * seed + k), 7);
          const a = await selector.select(closed, { gradients });
          const b = await selector.select(full, { gradients: dense(gradients) });
          if (k === 0) expect(a.diagnostics.distinctFeatures).toBe(b.diagnostics.distinctFeatures);
          // rounding decides between tied pairs, so not the indices but what they reach
          const { data: r } = directionScalars(closed.history ?? adam.init(7), gradients, {
            normalizer: adam,
          });
          const reached = coverage(r, b.indices);
          expect(Math.abs(coverage(r, a.indices) - reached)).toBeLessThanOrEqual(0.03 * reached);
          closed = a.state;
          full = {
            step: k + 1,
            history: adam.advance(full.history ?? adam.init(7), dense(gradients), a.indices),
          };
        }
        const { m, v } = moments(closed.history ?? adam.init(7));
        const { m: fullM, v: fullV } = moments(full.history ?? adam.init(7));
        // float32 moments there, two float64 numbers here
        for (let j = 0; j < 7; j++) {
          expect(Math.abs(m[j] - fullM[j])).toBeLessThan(1e-6);
          expect(Math.abs(v[j] - fullV[j])).toBeLessThan(1e-6);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("advances its history by the examples chosen from big sources alone", async () => {
    const selector = createSelector({ mode: "official", budget: 3, sources: { small: [false, true] } });
    const gradients = onOneDirection([2, 100, -4, 1, 3]);
    const pool: Pool = { gradients, sources: [0, 1, 0, 0, 0] };
    const { indices, state } = await selector.select(selector.init(), pool);
    expect(indices[0]).toBe(1);
    const expected = adamNormalize().advance(adamNormalize().init(12), gradients, indices.slice(1));
    expect(state.history).toEqual(expected);
  });

  it("takes a whole source in pool order, and single examples as they are", async () => {
    const selector = createSelector({
      mode: "official",
      budget: 5,
      sources: { quotas: { strategy: "equal" } },
      weighting: "cluster",
    });
    const { indices, weights, diagnostics } = await selector.select(selector.init(), {
      gradients: onOneDirection([5, 1, 9, 2, 8, 3]),
      sources: [2, 0, 0, 1, 2, 2],
    });
    expect(diagnostics.shares).toEqual([2, 1, 2]);
    // source 2: three equal features, so the larger index first, which stands for the third as well
    expect(Array.from(indices)).toEqual([1, 2, 3, 5, 4]);
    expect(Array.from(weights)).toEqual([1, 1, 1, 2, 1].map((size) => Math.fround((size * 5) / 6)));
  });

  it("is plain facility location for one source, whatever number it has", async () => {
    const gradients = onOneDirection(draws(10, 5));
    const selector = createSelector({ mode: "official", budget: 4 });
    const anywhere = await selector.select(selector.init(), { gradients, sources: new Array(10).fill(3) });
    const nowhere = await selector.select(selector.init(), { gradients });
    expect(anywhere.indices).toEqual(nowhere.indices);
    expect(anywhere.diagnostics.available).toEqual([0, 0, 0, 10]);
  });

  it("does not depend on the scale of the losses in its first step, but for epsilon", async () => {
    const selector = createSelector({ mode: "official", budget: 4, adam: { epsilon: 1e-30 } });
    const values = draws(10, 8);
    const one = await selector.select(selector.init(), { gradients: onOneDirection(values) });
    const scaled = await selector.select(selector.init(), {
      gradients: onOneDirection(values.map((c) => c * 8)),
    });
    expect(scaled.indices).toEqual(one.indices);
  });

  it("weighs by clusters: the sum stays the budget, a kept example stands for itself", async () => {
    await fc.assert(
      fc.asyncProperty(pools, async ({ sources, small, budget, gradients }) => {
        const selector = createSelector({
          mode: "official",
          budget,
          sources: { small },
          weighting: "cluster",
        });
        const { weights } = await selector.select(selector.init(), { gradients, sources });
        // float32 weights: an error of one unit in the last place each
        expect(Math.abs(sum(weights) - budget)).toBeLessThan(budget * 1e-6);
        for (const weight of weights) expect(weight).toBeGreaterThan(0);
      }),
    );
  });

  it("streams several directions and dense gradients through the same path", async () => {
    const selector = createSelector({ mode: "official", budget: 4, keep: 6 });
    const several = directionalGradients(matrix(Float32Array.from(draws(36, 3)), 12, 3), {
      dimension: 40,
      seed: 2,
    });
    const a = await selector.select(selector.init(), { gradients: several });
    const b = await selector.select(selector.init(), { gradients: dense(several) });
    expect(a.diagnostics.distinctFeatures).toBeGreaterThan(2);
    // float32 gradients in b, float64 sums in a: the same signs in a first step
    expect(a.indices).toEqual(b.indices);
  });

  it("goes on when the direction changes: the history is held in full from then on", async () => {
    const selector = createSelector({ mode: "official", budget: 2 });
    const first = await selector.select(selector.init(), { gradients: onOneDirection([1, 2, -3]) });
    const other = directionalGradients(coefficients([1, -2, 3]), { dimension: 12, seed: 5 });
    const second = await selector.select(first.state, { gradients: other });
    expect(first.state.history?.kind).toBe("fixed-direction");
    expect(second.state.history).toMatchObject({ kind: "dense", step: 2 });
    expect(second.indices.length).toBe(2);
  });

  it("compares the gradients as they are without Adam space", async () => {
    // two columns of three: the middle ones, of equals the larger index first
    const rows = Float32Array.of(0, 0, 0, 1, 0, 2, 9, 0, 9, 1, 9, 2);
    const selector = createSelector({ mode: "official", budget: 2, adam: false, metric: "l2" });
    const { indices, state } = await selector.select(selector.init(), { gradients: matrix(rows, 6, 2) });
    expect(Array.from(indices)).toEqual([4, 1]);
    expect(state).toEqual({ step: 1, history: null });
    const several = directionalGradients(matrix(Float32Array.from(draws(8, 3)), 4, 2), {
      dimension: 5,
      seed: 2,
    });
    const a = await selector.select(selector.init(), { gradients: several });
    const b = await selector.select(selector.init(), { gradients: dense(several) });
    expect(a.indices).toEqual(b.indices);
  });

  it("draws balanced shares by seed and step", async () => {
    const options = {
      mode: "official",
      budget: 3,
      sources: { quotas: { strategy: "balanced" } },
      seed: 6,
    } as const;
    const pool = { gradients: onOneDirection(draws(10, 9)), sources: [0, 0, 0, 0, 1, 1, 1, 2, 2, 2] };
    const run = async () => {
      const selector = createSelector(options);
      const shares: string[] = [];
      for (let state = selector.init(); state.step < 12; ) {
        const result = await selector.select(state, pool);
        shares.push(String(result.diagnostics.shares));
        state = result.state;
      }
      return shares;
    };
    const shares = await run();
    expect(await run()).toEqual(shares);
    expect(new Set(shares).size).toBeGreaterThan(1);
  });

  it("goes on from a cloned state as if nothing had happened, and changes no input", async () => {
    const selector = createSelector({
      mode: "official",
      budget: 3,
      keep: 2,
      sources: { small: [false, true] },
    });
    const sources = Object.freeze([0, 0, 1, 0, 0, 0]);
    const gradients = matrix(Float32Array.from(draws(18, 2)), 6, 3);
    const before = gradients.data.slice();
    const first = await selector.select(selector.init(), { gradients, sources });
    const clone: SelectorState = structuredClone(first.state);
    const held = structuredClone(clone);
    const a = await selector.select(first.state, { gradients, sources });
    const b = await selector.select(clone, { gradients, sources });
    expect(b).toEqual(a);
    expect(clone).toEqual(held);
    expect(gradients.data).toEqual(before);
  });
});
