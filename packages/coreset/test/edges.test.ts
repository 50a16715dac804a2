import { matrix } from "@colm/array";
import { directionalGradients } from "@colm/spsa";
import { describe, expect, it } from "vitest";
import { createSelector, type SelectorOptions } from "../src/index.ts";

const gradients = (...values: number[]) =>
  directionalGradients(matrix(Float32Array.from(values), values.length, 1), { dimension: 5, seed: 1 });

const select = async (
  options: SelectorOptions,
  pool: Parameters<ReturnType<typeof createSelector>["select"]>[1],
) => {
  const selector = createSelector(options);
  return selector.select(selector.init(), pool);
};

describe("a pool at the edge", () => {
  const small = [false, true, true];

  it("all small and too many: the first by default, a part of every source, or random ones", async () => {
    const pool = { gradients: gradients(1, 2, 3, 4, 5, 6), sources: [1, 1, 1, 1, 2, 2] };
    const options = { mode: "official", budget: 3 } as const;
    const first = await select({ ...options, sources: { small } }, pool);
    expect(first.indices).toEqual(Int32Array.of(0, 1, 2));
    expect(first.diagnostics).toMatchObject({ kept: 3, overflowed: 3, shares: [0, 0, 0] });
    expect(first.diagnostics).not.toHaveProperty("distinctFeatures");
    expect(first.state.history).toMatchObject({ step: 1, m: 0, v: 0 });
    const each = await select({ ...options, sources: { small, overflow: "proportional" } }, pool);
    expect(each.indices).toEqual(Int32Array.of(0, 1, 4));
    const seeds = [1, 2, 3, 4, 5, 6];
    const drawn = await Promise.all(
      seeds.map((seed) => select({ ...options, seed, sources: { small, overflow: "random" } }, pool)),
    );
    expect(new Set(drawn.map(({ indices }) => indices.join())).size).toBeGreaterThan(1);
  });

  it("zeroth-order gradients that came through structuredClone: the same choice in every mode", async () => {
    const coefficients = matrix(Float32Array.of(1, -9, 3, 3.5, 2, 0.5, -1, 4, 0, 7), 5, 2);
    const many = directionalGradients(coefficients, { dimension: 100, seed: 1 });
    const settings: SelectorOptions[] = [
      { mode: "default", budget: 2 },
      { mode: "default", budget: 2, keep: 20 },
      { mode: "official", budget: 2 },
      { mode: "official", budget: 2, adam: false },
      { mode: "official", budget: 2, adam: false, metric: "cosine" },
    ];
    for (const options of settings) {
      for (const given of [many, gradients(1, -9, 3, 3.5, 2)]) {
        const { indices } = await select(options, { gradients: given });
        expect((await select(options, { gradients: structuredClone(given) })).indices).toEqual(indices);
      }
    }
  });

  it("kept equals the budget: exactly the kept", async () => {
    const pool = { gradients: gradients(1, 2, 3, 4), sources: [0, 1, 0, 2] };
    const { indices } = await select({ mode: "official", budget: 2, sources: { small } }, pool);
    expect(indices).toEqual(Int32Array.of(1, 3));
  });

  it("budget equals pool: everything, kept first, the others by source", async () => {
    const pool = { gradients: gradients(1, 2, 3, 4), sources: [3, 1, 0, 3] };
    const sources = { small: [...small, false] };
    const { indices, weights } = await select({ mode: "official", budget: 4, sources }, pool);
    expect(indices).toEqual(Int32Array.of(1, 2, 0, 3));
    expect(weights).toEqual(new Float32Array(4).fill(1));
  });

  it("drops examples without a finite loss and counts them", async () => {
    const coefficients = matrix(Float32Array.of(1, 2, 3, Number.NaN), 4, 1);
    const pool = {
      gradients: { ...gradients(1), coefficients },
      losses: [0.5, Number.NaN, 1, 2],
      sources: [0, 1, 0, 0],
    };
    const { indices, diagnostics } = await select({ mode: "official", budget: 2, sources: { small } }, pool);
    expect(Array.from(indices).toSorted()).toEqual([0, 2]);
    expect(diagnostics).toMatchObject({ pool: 4, dropped: 2, kept: 0, available: [2, 0, 0] });
  });

  it("drops rows of stored gradients by their losses alone", async () => {
    const rows = matrix(Float32Array.of(1, 2, Number.NaN, 4, 5, 6), 3, 2);
    const losses = [1, Number.POSITIVE_INFINITY, 1];
    const { indices } = await select({ mode: "official", budget: 2 }, { gradients: rows, losses });
    expect(indices).toEqual(Int32Array.of(0, 2));
  });

  it("takes every usable example when fewer have losses than the budget asks for", async () => {
    const losses = [1, Number.NaN, 1];
    const { indices, weights } = await select({ method: "random", budget: 3, seed: 1 }, { losses });
    expect(Array.from(indices).toSorted()).toEqual([0, 2]);
    expect(weights.length).toBe(2);
  });

  it("warns of estimates that the losses' precision has lost", async () => {
    const lost = await select({ mode: "official", budget: 2 }, { gradients: gradients(0, 0, 1, 0) });
    expect(lost.diagnostics.estimates).toEqual({
      variance: 0.25,
      ties: 0.5,
      unresolved: 0.75,
      warning: "underflow",
    });
    expect(lost.diagnostics.warnings).toEqual(["underflow"]);
    const clear = await select({ mode: "official", budget: 2 }, { gradients: gradients(3, -2, 1, 0) });
    expect(clear.diagnostics.estimates).toMatchObject({ ties: 0, unresolved: 0.25, warning: null });
    expect(clear.diagnostics.warnings).toEqual([]);
    const stored = await select(
      { mode: "official", budget: 1 },
      { gradients: matrix(new Float32Array(4), 2, 2) },
    );
    expect(stored.diagnostics).not.toHaveProperty("estimates");
  });

  it("knows sources that the pool does not bring", async () => {
    const pool = { gradients: gradients(1, 2, 3), sources: [0, 0, 0] };
    const { diagnostics } = await select({ mode: "official", budget: 2, sources: { small } }, pool);
    expect(diagnostics.available).toEqual([3, 0, 0]);
    expect(diagnostics.shares).toEqual([2, 0, 0]);
  });
});

describe("refused", () => {
  const official = { mode: "official", budget: 2 } as const;
  const three = gradients(1, 2, 3);
  const pools: [string, SelectorOptions, object, Error][] = [
    [
      "an empty pool",
      official,
      { gradients: directionalGradients(matrix(new Float32Array(0), 0, 1), { dimension: 5, seed: 1 }) },
      new RangeError('select: "pool" must have at least as many examples as the budget of 2, got 0'),
    ],
    [
      "a budget above the pool",
      { ...official, budget: 4 },
      { gradients: three },
      new RangeError('select: "pool" must have at least as many examples as the budget of 4, got 3'),
    ],
    [
      "a pool of nothing",
      official,
      {},
      new TypeError('select: "pool" must have gradients, losses or sources, got none of them'),
    ],
    [
      "a pool without gradients",
      official,
      { sources: [0, 0] },
      new TypeError('select: "pool.gradients" must be given for this method, got undefined'),
    ],
    [
      "gradients of another kind",
      official,
      { gradients: [1, 2] },
      new TypeError('select: "pool.gradients" must be a matrix or directional gradients, got an array of 2'),
    ],
    [
      "fields of different lengths",
      official,
      { gradients: three, losses: [1, 2] },
      new RangeError('select: "pool.losses" must have 3 entries as "pool.gradients" has, got 2'),
    ],
    [
      "directional gradients without directions",
      { mode: "default", budget: 2 },
      { gradients: { coefficients: matrix(Float32Array.of(1, -9, 3, 3.1), 4, 1) } },
      new TypeError('select: "dimension" must be a number, got undefined'),
    ],
    [
      "a dimension that is no number",
      { mode: "default", budget: 2 },
      { gradients: { ...three, dimension: "100" } },
      new TypeError('select: "dimension" must be a number, got "100"'),
    ],
    [
      "a negative seed",
      { mode: "default", budget: 2 },
      { gradients: { ...three, seed: -1 } },
      new RangeError('select: "seed" must be an integer of at least 0, got -1'),
    ],
    [
      "gradients of nothing",
      official,
      { gradients: { coefficients: null } },
      new TypeError(
        'select: "pool.gradients" must be a matrix or directional gradients, got an object of kind Object',
      ),
    ],
    [
      "coefficients beyond float32",
      official,
      { gradients: { ...three, coefficients: matrix(Float64Array.of(1, 1e39, 2), 3, 1) } },
      new RangeError('select: "pool.gradients" must be within float32, got 1e+39 at [1, 0]'),
    ],
    [
      "small sources without sources",
      { ...official, sources: { small: [true] } },
      { gradients: three },
      new TypeError('select: "pool.sources" must be given when small sources are named, got undefined'),
    ],
    [
      "an unknown source",
      { ...official, sources: { small: [true, false] } },
      { gradients: three, sources: [0, 2, 1] },
      new RangeError('select: "pool.sources" must be integers in [0, 2), got 2 at 1'),
    ],
    [
      "losses that are no numbers",
      official,
      { gradients: three, losses: [1, "2", 3] },
      new TypeError('select: "pool.losses" must hold numbers, got "2" at 1'),
    ],
    [
      "null for losses",
      official,
      { gradients: three, losses: null },
      new TypeError('select: "pool.losses" must be an array of numbers, got null'),
    ],
    [
      "a number for sources",
      official,
      { gradients: three, sources: 3 },
      new TypeError('select: "pool.sources" must be an array of numbers, got 3'),
    ],
    [
      "no finite loss at all",
      official,
      { gradients: three, losses: [Number.NaN, Number.NaN, Number.NaN] },
      new RangeError('select: "pool.losses" must hold a finite loss, got none among 3'),
    ],
    [
      "stored gradients that are not finite",
      official,
      { gradients: matrix(Float32Array.of(1, Number.NaN, 3), 3, 1) },
      new RangeError('select: "gradients" must be finite, got NaN at [1, 0]'),
    ],
    [
      "more coordinates than there are",
      { ...official, keep: 9 },
      { gradients: matrix(new Float32Array(6), 3, 2) },
      new RangeError('select: "keep" must be an integer in [1, 2], got 9'),
    ],
  ];

  it.each(pools)("%s", async (_, options, pool, error) => {
    await expect(select(options, pool)).rejects.toThrow(error);
  });

  it("a state that no selector made", async () => {
    const selector = createSelector(official);
    // @ts-expect-error no state
    await expect(selector.select({}, { gradients: three })).rejects.toThrow(
      new TypeError('select: "state" must be what init or select returned, got an object of kind Object'),
    );
    await expect(selector.select({ step: -1, history: null }, { gradients: three })).rejects.toThrow(
      new RangeError('select: "state.step" must be an integer of at least 0, got -1'),
    );
  });
});
