import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSelector, type Selector } from "../src/index.ts";

const run = async (selector: Selector, steps: number, sources: number[]) => {
  const picks: number[][] = [];
  for (let state = selector.init(); state.step < steps; ) {
    const result = await selector.select(state, { sources });
    picks.push(Array.from(result.indices));
    state = result.state;
  }
  return picks;
};

describe("random", () => {
  const sources = new Array<number>(20).fill(0);

  it("needs nothing but the size of the pool", () => {
    expect(createSelector({ method: "random", budget: 2, seed: 1 }).needs).toMatchObject({
      gradients: false,
      sources: false,
    });
  });

  it("draws distinct examples, the same for the same seed, others in other steps", async () => {
    const picks = await run(createSelector({ method: "random", budget: 8, seed: 3 }), 5, sources);
    expect(await run(createSelector({ method: "random", budget: 8, seed: 3 }), 5, sources)).toEqual(picks);
    expect(await run(createSelector({ method: "random", budget: 8, seed: 4 }), 5, sources)).not.toEqual(
      picks,
    );
    expect(new Set(picks.map(String)).size).toBe(5);
    for (const pick of picks) expect(new Set(pick).size).toBe(8);
  });

  it("goes on anywhere: a step depends on its number alone", async () => {
    const selector = createSelector({ method: "random", budget: 8, seed: 3 });
    const picks = await run(selector, 5, sources);
    const { indices } = await selector.select({ step: 4, history: null }, { sources });
    expect(Array.from(indices)).toEqual(picks[4]);
  });

  it("draws every example equally often", async () => {
    const picks = await run(createSelector({ method: "random", budget: 5, seed: 1 }), 2000, sources);
    const counts = new Array<number>(20).fill(0);
    for (const i of picks.flat()) counts[i]++;
    // 500 expected with a standard deviation of 19.4; five of them
    for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(97);
  });
});

describe("keep-random", () => {
  it("keeps every example of small sources and fills up with random others", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(3), { minLength: 4, maxLength: 30 }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(100),
        async (sources, budget, seed) => {
          const small = [false, true, false, true];
          const selector = createSelector({ method: "keep-random", budget, seed, sources: { small } });
          const { indices, diagnostics, weights } = await selector.select(selector.init(), { sources });
          const ofSmall = sources.flatMap((source, i) => (small[source] ? [i] : []));
          expect(Array.from(indices.slice(0, diagnostics.kept))).toEqual(ofSmall.slice(0, budget));
          expect(diagnostics.overflowed).toBe(Math.max(0, ofSmall.length - budget));
          expect(new Set(indices).size).toBe(budget);
          expect(weights).toEqual(new Float32Array(budget).fill(1));
          for (const i of indices.slice(diagnostics.kept)) expect(small[sources[i]]).toBe(false);
        },
      ),
    );
  });

  it("names small sources by counts and a rule", async () => {
    const counts = [90, 5, 5];
    const selector = createSelector({
      method: "keep-random",
      budget: 3,
      seed: 1,
      sources: { small: { counts, rule: "explicit", value: [2] } },
    });
    const { indices, diagnostics } = await selector.select(selector.init(), { sources: [0, 1, 2, 0, 1] });
    expect(indices[0]).toBe(2);
    expect(diagnostics.kept).toBe(1);
    expect(selector.needs).toMatchObject({ gradients: false, sources: true });
  });

  it("has no history", async () => {
    const selector = createSelector({
      method: "keep-random",
      budget: 1,
      seed: 1,
      sources: { small: [false] },
    });
    const { state } = await selector.select(selector.init(), { sources: [0, 0] });
    expect(state).toEqual({ step: 1, history: null });
  });
});
