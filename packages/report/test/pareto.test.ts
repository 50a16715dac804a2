import { describe, expect, it } from "vitest";
import { compareGroups, findEquivalentBatch, type RunRecord, renderReport } from "../src/index.ts";
import { exampleRun } from "./example-runs.ts";
import { faultOf } from "./well-formed.ts";

/** A run with these three figures. */
function run(name: string, macro: number, seconds: number, peakBytes: number | null): RunRecord {
  const [start, end] = exampleRun().evaluations;
  const steps = exampleRun().steps.map((step) => ({ ...step, seconds }));
  return exampleRun({ name, method: name, evaluations: [start, { ...end, macro }], steps, peakBytes });
}

describe("the Pareto front of loss, time and memory", () => {
  it("holds who is not beaten in all three", () => {
    const groups = compareGroups([
      run("good", 1, 3, 30),
      run("fast", 2, 1, 30),
      run("small", 3, 3, 10),
      run("beaten", 2, 2, 30),
      run("level", 1, 3, 30),
      run("unmeasured", 0.5, 0.5, null),
    ]);
    expect(Object.fromEntries(groups.map(({ label, onParetoFront }) => [label, onParetoFront]))).toEqual({
      good: true,
      fast: true,
      small: true,
      beaten: false,
      level: true,
      unmeasured: null,
    });
  });

  it("is a sentence of the report", () => {
    const page = renderReport([run("good", 1, 3, 30), run("fast", 2, 1, 30), run("beaten", 2, 2, 30)]);
    expect(page).toContain(
      "Macro loss, time per step and peak bytes together: <b>good, fast</b>; beaten is matched or beaten in all three by another.",
    );
    expect(faultOf(page.slice(page.indexOf("<main"), page.indexOf("</body>")))).toBeUndefined();
  });
});

describe("what costs beside means and tensors", () => {
  it("stands in a table where it was measured", () => {
    const [first, second] = exampleRun().steps;
    const page = renderReport([
      exampleRun({
        steps: [first, { ...second, selectionSeconds: 0.25 }],
        memory: { weights: 2_000_000, optimizer: 1_000_000 },
        everyWeightBytes: 9_000_000,
        processBytes: { heap: 50_000_000, resident: 120_000_000 },
      }),
    ]);
    for (const text of [">188 ms<", ">250 ms<", ">50.0 MB<", ">120 MB<", ">3.0 MB<", ">9.0 MB<"]) {
      expect(page, text).toContain(text);
    }
    expect(faultOf(page.slice(page.indexOf("<main"), page.indexOf("</body>")))).toBeUndefined();
    expect(renderReport([exampleRun()])).not.toContain("every weight");
  });

  it("is refused where it is no number of bytes, or no share", () => {
    expect(() => renderReport([exampleRun({ everyWeightBytes: -1 })])).toThrow(
      'renderReport: "runs[0].everyWeightBytes" must be an integer of at least 0, got -1',
    );
    expect(() => renderReport([exampleRun({ processBytes: { heap: 1.5, resident: 1 } })])).toThrow(
      'renderReport: "runs[0].processBytes.heap" must be an integer of at least 0, got 1.5',
    );
    const [first, second] = exampleRun().steps;
    const check = { cosine: null, spearman: 0.5, overlap: 1.5 };
    expect(() => renderReport([exampleRun({ steps: [first, { ...second, check }] })])).toThrow(
      'renderReport: "runs[0].steps[1].check.overlap" must be',
    );
  });
});

describe("findEquivalentBatch", () => {
  const random = (budget: number, seed: number, macro: number): RunRecord => {
    const [start, end] = exampleRun().evaluations;
    const evaluations = [start, { ...end, macro, micro: 5 - macro }];
    return exampleRun({
      name: `random ${budget} ${seed}`,
      method: "random",
      pool: 128,
      budget,
      seed,
      evaluations,
    });
  };
  const colm = [1, 2].map((seed) => ({ ...random(64, seed, 2.25), name: `colm ${seed}`, method: "colm" }));
  const batches = [64, 32, 96, 128].flatMap((budget) =>
    [1, 2].map((seed) => random(budget, seed, 3 - budget / 128 + seed / 8)),
  );

  it("is the smallest whose mean over seeds is as low", () => {
    // means over seeds: 3.1875 - budget / 128
    expect(findEquivalentBatch([...colm, ...batches], { to: "colm 1" })).toEqual({
      batch: 128,
      target: 2.25,
      tried: [
        { batch: 32, mean: 2.9375 },
        { batch: 64, mean: 2.6875 },
        { batch: 96, mean: 2.4375 },
        { batch: 128, mean: 2.1875 },
      ],
    });
    expect(findEquivalentBatch([...colm, ...batches.slice(0, 4)], { to: "colm 64 of 128" }).batch).toBeNull();
    expect(findEquivalentBatch([...colm, ...batches], { to: "colm 1", measure: "micro" }).batch).toBe(32);
  });

  it("leaves out random runs of other settings, and refuses what was not evaluated", () => {
    const others = batches.map((each) => ({ ...each, settings: { learningRate: 0.02 } }));
    expect(
      findEquivalentBatch([...colm, ...batches.slice(0, 2), ...others.slice(2)], { to: "colm 1" }).tried,
    ).toHaveLength(1);
    expect(findEquivalentBatch([...colm, ...others], { to: "colm 1" })).toEqual({
      batch: null,
      target: 2.25,
      tried: [],
    });
    expect(() => findEquivalentBatch([...colm, ...batches], { to: "nobody" })).toThrow(
      'findEquivalentBatch: "to" must be one of',
    );
    const silent = colm.map((each) => ({ ...each, evaluations: [] }));
    expect(() => findEquivalentBatch([...silent, ...batches], { to: "colm 1" })).toThrow(
      'findEquivalentBatch: "to" must name runs that were evaluated, got "colm 1"',
    );
  });
});
