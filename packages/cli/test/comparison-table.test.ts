import type { RunRecord } from "@colm/report";
import { expect, it } from "vitest";
import { comparisonTable } from "../src/comparison-table.ts";

function record(name: string, losses: number[], seconds: number[], peakBytes: number): RunRecord {
  const [micro, macro, small, exactMatch] = losses;
  const [whole, selection] = seconds;
  const before = { step: 0, micro: 4, macro: 4.5, small: 5, exactMatch: 0, perSource: { a: 4 } };
  const step = { loss: 1, tokens: 10, learningRate: 0.1, picked: { a: 2 } };
  return {
    format: 1,
    name,
    method: "random",
    pool: 2,
    budget: 2,
    seed: 1,
    settings: {},
    environment: {},
    sources: [{ name: "a", examples: 9, small: false }],
    steps: [
      { ...step, step: 1, seconds: whole, selectionSeconds: selection },
      { ...step, step: 2, seconds: whole, selectionSeconds: selection },
    ],
    evaluations: [before, { step: 2, micro, macro, small, exactMatch, perSource: { a: micro } }],
    peakBytes,
  };
}

it("shows the base model, each run, and a star at the best run of each column", () => {
  const table = comparisonTable([
    record("half", [2, 3, 3.5, 0.25], [1.5, 0.5], 10e6),
    record("whole", [1, 3.25, 3.75, 0.5], [2, 0], 20e6),
  ]);
  expect(table.split("\n").slice(0, 5)).toEqual([
    "held out    loss micro    macro    small   exact match   s/step   selection   peak tensors",
    "----------  -----------  -------  -------  ------------  -------  ----------  -------------",
    "base model      4.0000   4.5000   5.0000         0.0 %        -           -              -",
    "half            2.0000   3.0000*  3.5000*       25.0 %    1.000*      0.500        10.0 MB*",
    "whole           1.0000*  3.2500   3.7500        50.0 %*   2.000       0.000*       20.0 MB",
  ]);
});
