import { matrix } from "@colm/array";
import { assign, facilityLocation, maximize, type SparseMatrix, similarity } from "@colm/submodular";
import { describe, expect, it } from "vitest";
import { colmCases, type GoldenCase, goldenArray, goldenCases, goldenMatrix, hasGolden } from "./golden.ts";

const dense = goldenCases.filter(
  (c) => c.fn === "facilityLocation" && c.mode === undefined && !c.inputs.costs,
);
const from = (generator: string): GoldenCase[] => dense.filter((c) => c.generator === generator);

it.runIf(!hasGolden)("golden files are missing: ../shared/golden/{submodular,colm}, tests skipped", () => {
  expect(goldenCases).toEqual([]);
});

function expectGains(gains: Float64Array, expected: number[], golden: GoldenCase): void {
  if (golden.exact) expect(Array.from(gains)).toEqual(expected);
  else for (const [t, gain] of gains.entries()) expect(gain).toBeCloseTo(expected[t], 12);
}

describe.runIf(hasGolden)("submodlib, dense facility location", () => {
  it.each(from("submodlib"))("$tag", (golden) => {
    const f = facilityLocation(goldenMatrix(golden, "kernel"));
    for (const { set, value } of golden.evaluations ?? []) expect(f.value(set)).toBeCloseTo(value, 4);
    // its zero test takes an integer's absolute value: every gain below 1 counts as zero there
    const minGain = golden.options?.stopIfZeroGain ? 1 : Number.NEGATIVE_INFINITY;
    for (const [optimizer, method] of [
      ["NaiveGreedy", "exact"],
      ["LazyGreedy", "lazy"],
    ] as const) {
      const { indices, gains } = golden.results[optimizer];
      const count = golden.options?.stopIfZeroGain ? 19 : indices.length;
      const found = maximize(f, { count, method, ties: "high", minGain });
      expect(Array.from(found.indices)).toEqual(indices);
      expectGains(found.gains, gains, golden);
    }
    if (golden.colmWeights) {
      const { k, weights } = golden.colmWeights;
      const chosen = golden.results.LazyGreedy.indices.slice(0, k);
      expect(Array.from(assign(goldenMatrix(golden, "kernel"), chosen).sizes)).toEqual(weights);
    }
  });
});

describe.runIf(hasGolden)("apricot, dense facility location", () => {
  it.each(from("apricot"))("$tag", (golden) => {
    const f = facilityLocation(goldenMatrix(golden, "kernel"));
    const { indices, gains } = golden.results.naive;
    const listed = golden.params?.initialSubset;
    const initial = Array.isArray(listed) ? listed.map(Number) : [];
    for (const method of ["exact", "lazy"] as const) {
      const found = maximize(f, { count: indices.length, method, initial });
      expect(Array.from(found.indices)).toEqual(indices);
      for (const [t, gain] of found.gains.entries()) expect(gain).toBeCloseTo(gains[t], 9);
    }
  });
});

/** submodlib reads s(i, j) from row i and, where it is absent there, from row j. */
function symmetrised(golden: GoldenCase): SparseMatrix {
  const [starts, indices, data] = ["indptr", "indices", "data"].map((name) =>
    goldenArray(golden.inputs[name]),
  );
  const rows = Array.from({ length: golden.n }, () => new Map<number, number>());
  for (let i = 0; i < golden.n; i++) {
    for (let p = starts[i]; p < starts[i + 1]; p++) {
      rows[i].set(indices[p], data[p]);
      if (!rows[indices[p]].has(i)) rows[indices[p]].set(i, data[p]);
    }
  }
  for (let i = 0; i < golden.n; i++)
    for (let p = starts[i]; p < starts[i + 1]; p++) rows[i].set(indices[p], data[p]);
  const entries = rows.map((row) => [...row].sort(([a], [b]) => a - b));
  const ends = entries.map((_, i) => entries.slice(0, i + 1).reduce((sum, row) => sum + row.length, 0));
  return {
    shape: [golden.n, golden.n],
    starts: Int32Array.of(0, ...ends),
    columns: Int32Array.from(entries.flat(), ([j]) => j),
    values: Float32Array.from(entries.flat(), ([, s]) => s),
  };
}

describe.runIf(hasGolden)("submodlib, sparse and clustered facility location", () => {
  const cases = goldenCases.filter((c) => c.fn === "facilityLocation" && c.mode !== undefined);
  it.each(cases)("$tag", (golden) => {
    const f =
      golden.mode === "sparse"
        ? facilityLocation(symmetrised(golden))
        : facilityLocation(goldenMatrix(golden, "kernel"), { groups: goldenArray(golden.inputs.labels) });
    for (const { set, value } of golden.evaluations ?? []) expect(f.value(set)).toBe(value);
    const { NaiveGreedy, LazyGreedy } = golden.results;
    const exact = maximize(f, { count: NaiveGreedy.indices.length, ties: "high" });
    expect(Array.from(exact.indices)).toEqual(NaiveGreedy.indices);
    expectGains(exact.gains, NaiveGreedy.gains, golden);
    const lazy = maximize(f, { count: LazyGreedy.indices.length, ties: "high", method: "lazy" });
    expect(Array.from(lazy.indices)).toEqual(LazyGreedy.indices);
    expectGains(lazy.gains, LazyGreedy.gains, golden);
  });
});

describe.runIf(hasGolden)("costs", () => {
  const cases = goldenCases.filter((c) => c.fn === "facilityLocation" && c.inputs.costs);
  it.each(cases)("$generator $tag", (golden) => {
    const f = facilityLocation(goldenMatrix(golden, "kernel"));
    const costs = goldenArray(golden.inputs.costs);
    const budget = Number(golden.options?.budget ?? golden.params?.budget);
    const byRatio = golden.options?.costSensitiveGreedy !== false;
    const { NaiveGreedy, naive } = golden.results;
    const { indices, gains } = NaiveGreedy ?? naive;
    const ties = NaiveGreedy ? "high" : "low";
    const found = maximize(f, { costs, budget, costRule: byRatio ? "ratio" : "gain", ties });
    expect(Array.from(found.indices)).toEqual(indices);
    // submodlib reports gain per cost there
    const own = NaiveGreedy && byRatio ? found.gains.map((gain, t) => gain / costs[indices[t]]) : found.gains;
    expectGains(own, gains, golden);
  });
});

describe.runIf(hasGolden)("true optima", () => {
  it.each(from("bruteforce"))("$tag", (golden) => {
    const f = facilityLocation(goldenMatrix(golden, "kernel"));
    const count = Number(golden.params?.k);
    const optimum = golden.results.optimum.value ?? Number.NaN;
    const found = maximize(f, { count });
    expect(found.upperBound).toBeGreaterThanOrEqual(optimum);
    expect(found.value).toBeGreaterThanOrEqual((1 - (1 - 1 / count) ** count) * optimum);
  });
});

describe.runIf(hasGolden)("the coreset reference", () => {
  it.each(colmCases.map((golden, number) => ({ number, ...golden })))("case $number, $metric", (golden) => {
    const s = matrix(Float32Array.from(golden.S), golden.n, golden.n);
    const count = golden.budget;
    const lazy = maximize(facilityLocation(s), { count, method: "lazy", ties: "high" });
    expect(Array.from(lazy.indices)).toEqual(golden.order_submodlib);
    expect(Array.from(lazy.gains)).toEqual(golden.gains_submodlib);
    expect(Array.from(assign(s, lazy.indices).sizes)).toEqual(golden.weights_submodlib);
    const exact = maximize(facilityLocation(s), { count });
    const lowest = golden.order_lowest;
    // a near tie of float32 differences may be settled differently in float64: then only the value counts
    if (exact.indices.every((item, t) => item === lowest[t])) {
      expect(Array.from(assign(s, exact.indices).sizes)).toEqual(golden.weights_lowest);
    } else {
      expect(exact.value).toBeCloseTo(facilityLocation(s).value(lowest), 4);
    }
  });

  const isZeroRow = (x: number[]): boolean => x.every((v) => v === 0);
  it.each(colmCases.map((golden, number) => ({ number, ...golden })))(
    "similarity $number, $metric",
    (golden) => {
      const rows = Array.from({ length: golden.n }, (_, i) =>
        golden.X.slice(i * golden.d, (i + 1) * golden.d),
      );
      const points = matrix(Float32Array.from(golden.X), golden.n, golden.d);
      const metric = golden.metric === "euclidean" ? "l2" : golden.metric;
      if (metric === "cosine" && rows.some(isZeroRow)) {
        expect(() => similarity(points, { metric })).toThrow("no zero row");
        return;
      }
      // torch.cdist takes a matrix product route for the L2 distances of more than 25 points
      const tolerance = (metric === "l2" ? 1e-3 : 1e-5) * Math.max(...golden.S);
      const { data } = similarity(points, { metric });
      for (const [p, expected] of golden.S.entries())
        expect(Math.abs(data[p] - expected)).toBeLessThan(tolerance);
    },
  );
});
