import { matrix, normal } from "@colm/array";
import { describe, expect, it } from "vitest";
import { createSelector, featureMemory } from "../src/index.ts";
import { reordered, sixteenths } from "./pools.ts";

describe("featureMemory", () => {
  it("keeps the last gradient of each example, forgets the oldest, and says how old they are", () => {
    const memory = featureMemory({ dimension: 4, capacity: 3, seed: 1 });
    const gradients = sixteenths(2, 9, 1);
    let state = memory.record(memory.init(), { ids: [10, 11], gradients, step: 0 });
    state = memory.record(state, { ids: [12, 10], gradients, step: 2 });
    const { known, ages, features } = memory.read(state, [13, 12, 11, 10], 5);
    expect(Array.from(known)).toEqual([1, 2, 3]);
    expect(Array.from(ages)).toEqual([3, 5, 3]);
    // 12 was seen with the first row, 11 and 10 with the second one
    expect(features.data.slice(4, 8)).toEqual(features.data.slice(8, 12));
    state = memory.record(state, { ids: [14], gradients: sixteenths(1, 9, 2), step: 6 });
    expect(state.examples.map(({ id }) => id)).toEqual([12, 10, 14]);
  });

  it("keeps scalar products in the mean over its projections", () => {
    const points = matrix(normal(new Float32Array(2 * 300), { seed: 3 }), 2, 300);
    const dot = (data: ArrayLike<number>, d: number, a: number, b: number) => {
      let total = 0;
      for (let j = 0; j < d; j++) total += data[a * d + j] * data[b * d + j];
      return total;
    };
    const draws = 400;
    let cross = 0;
    let square = 0;
    for (let seed = 0; seed < draws; seed++) {
      const memory = featureMemory({ dimension: 64, seed });
      const state = memory.record(memory.init(), { ids: [0, 1], gradients: points, step: 0 });
      const { data } = memory.read(state, [0, 1], 0).features;
      cross += dot(data, 64, 0, 1) / draws;
      square += dot(data, 64, 0, 0) / draws;
    }
    const size = dot(points.data, 300, 0, 0);
    // a standard deviation of sqrt(2 / 64) |x|^2, its mean over 400 draws; four of them
    const tolerance = (4 * Math.sqrt(2 / 64) * size) / Math.sqrt(draws);
    expect(Math.abs(cross - dot(points.data, 300, 0, 1))).toBeLessThan(tolerance);
    expect(Math.abs(square - size)).toBeLessThan(tolerance);
  });

  it("is a plain value, and is left alone", () => {
    const memory = featureMemory({ dimension: 4, seed: 1 });
    const state = memory.record(memory.init(), { ids: [1], gradients: sixteenths(1, 5, 1), step: 0 });
    const copy = structuredClone(state);
    const next = memory.record(state, { ids: [2], gradients: sixteenths(1, 5, 2), step: 1 });
    expect(state).toEqual(copy);
    expect(memory.record(copy, { ids: [2], gradients: sixteenths(1, 5, 2), step: 1 })).toEqual(next);
  });

  it.each([
    [() => featureMemory({ dimension: 0, seed: 1 }), 'featureMemory: "dimension" must be at least 1, got 0'],
    [
      () => {
        const memory = featureMemory({ seed: 1 });
        memory.record(memory.init(), { ids: [1, 1], gradients: sixteenths(2, 2, 1), step: 0 });
      },
      'record: "ids" must be distinct, got 1 again at 1',
    ],
    [
      () => {
        const memory = featureMemory({ seed: 1 });
        memory.record(memory.init(), { ids: [1], gradients: sixteenths(2, 2, 1), step: 0 });
      },
      'record: "gradients" must have 1 rows as "ids" has entries, got 2',
    ],
    [
      () => {
        const memory = featureMemory({ seed: 1 });
        const gradients = matrix(Float64Array.of(0.5, 1e39), 1, 2);
        memory.record(memory.init(), { ids: [1], gradients, step: 0 });
      },
      'record: "gradients" must be within float32, got 1e+39 at [0, 1]',
    ],
    [
      () => {
        // one number for the whole gradient: some signs agree
        const memory = featureMemory({ dimension: 1, seed: 1 });
        const gradients = matrix(new Float32Array(20).fill(3e38), 1, 20);
        memory.record(memory.init(), { ids: [1], gradients, step: 0 });
      },
      /^record: "gradients" must have sketches within float32, got -?Infinity at 0$/,
    ],
  ])("refuses bad input: %#", (call, message) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});

describe('features: "remembered"', () => {
  const all = sixteenths(40, 30, 7);
  const draw = (step: number) => Array.from({ length: 16 }, (_, i) => (i * 3 + step * 7) % 40);
  const options = { mode: "default", budget: 6, features: "remembered", seed: 4 } as const;

  it("explores what it has never seen first, then matches what it remembers", async () => {
    const selector = createSelector({ ...options, memory: { dimension: 32, capacity: 100 } });
    let state = selector.init();
    const seen = new Set<number>();
    const explored: number[] = [];
    for (let step = 0; step < 12; step++) {
      const ids = draw(step);
      const unseen = ids.filter((id) => !seen.has(id)).length;
      const { indices, diagnostics, state: next } = await selector.select(state, { ids });
      expect(diagnostics.recall).toMatchObject({ unseen, explored: Math.min(unseen, 6) });
      explored.push(diagnostics.recall?.explored ?? 0);
      const chosen = Array.from(indices, (at) => ids[at]);
      if (unseen >= 6) for (const id of chosen) expect(seen.has(id)).toBe(false);
      for (const id of chosen) seen.add(id);
      state = selector.remember(next, { ids: chosen, gradients: reordered(all, chosen) });
    }
    expect(explored[0]).toBe(6);
    expect(explored.at(-1)).toBe(0);
    expect(seen.size).toBe(40);
  });

  it("is the choice by the sketches when everything was seen just now", async () => {
    const selector = createSelector({ ...options, memory: { dimension: 64 } });
    const ids = draw(0);
    const gradients = reordered(all, ids);
    const { indices, diagnostics, state } = await selector.select(selector.init(), { ids, gradients });
    expect(diagnostics.recall).toEqual({ unseen: 0, explored: 0, meanAge: 0, largestAge: 0 });
    const memory = featureMemory({ dimension: 64, seed: 4 });
    const { features } = memory.read(memory.record(memory.init(), { ids, gradients, step: 0 }), ids, 0);
    const direct = createSelector({ mode: "default", budget: 6 });
    expect(indices).toEqual((await direct.select(direct.init(), { features })).indices);
    // without a pass afterwards, as long as the example is remembered
    const later = await selector.select(structuredClone(state), { ids });
    expect(later.indices).toEqual(indices);
    expect(later.diagnostics.recall).toMatchObject({ meanAge: 1, largestAge: 1 });
  });

  it("asks for gradients of the pool every so many steps, and never without", async () => {
    const refreshed = createSelector({ ...options, every: 4 });
    const asked = [0, 1, 4, 6].map((step) => refreshed.needsAt({ step, history: null }).gradients);
    expect(asked).toEqual([true, false, true, false]);
    expect(createSelector(options).needsAt({ step: 0, history: null })).toMatchObject({
      gradients: false,
      ids: true,
    });
    await expect(refreshed.select(refreshed.init(), { ids: [1, 2, 3, 4, 5, 6] })).rejects.toThrow(
      new TypeError('select: "pool.gradients" must be given for this method, got undefined'),
    );
  });

  it("keeps small sources whether they were seen or not, with weights that sum to the budget", async () => {
    const selector = createSelector({ ...options, weighting: "matching", sources: { small: [false, true] } });
    const ids = draw(0);
    const sources = ids.map((_, i) => (i < 3 ? 1 : 0));
    const known = ids.slice(2, 10);
    const state = selector.remember(selector.init(), { ids: known, gradients: reordered(all, known) });
    const { indices, weights } = await selector.select(state, { ids, sources });
    expect(Array.from(indices.slice(0, 3))).toEqual([0, 1, 2]);
    expect(Array.from(indices.slice(3)).every((at) => at >= 10)).toBe(true);
    expect(weights.reduce((a, b) => a + b)).toBeCloseTo(6, 5);
  });

  it("refuses what it has no memory for", async () => {
    const forgetful = createSelector({ mode: "default", budget: 2 });
    expect(() => forgetful.remember(forgetful.init(), { ids: [1], gradients: sixteenths(1, 2, 1) })).toThrow(
      new TypeError('remember: "features" of the selector must be "remembered"'),
    );
    const selector = createSelector(options);
    const beyond = matrix(Float64Array.of(1e39), 1, 1);
    expect(() => selector.remember(selector.init(), { ids: [1], gradients: beyond })).toThrow(
      new RangeError('remember: "gradients" must be within float32, got 1e+39 at [0, 0]'),
    );
    expect(() => Reflect.apply(selector.remember, undefined, [selector.init(), null])).toThrow(
      new TypeError('remember: "seen" must be an object, got null'),
    );
    for (const example of [null, { id: 1, step: 0, sketch: null }]) {
      const memory = { examples: [example] };
      const call = Reflect.apply(selector.select, undefined, [
        { step: 0, history: null, memory },
        { ids: [1, 2, 3, 4, 5, 6] },
      ]);
      await expect(call).rejects.toThrow(/^select: "memory" must hold what record remembered, got .* at 0$/);
    }
    await expect(selector.select(selector.init(), { sources: [0, 0, 0, 0, 0, 0] })).rejects.toThrow(
      new TypeError('select: "pool.ids" must be given for this method, got undefined'),
    );
  });
});
