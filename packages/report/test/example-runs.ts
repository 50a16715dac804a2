import type { RunRecord, StepRecord } from "../src/index.ts";

/** A run of two steps on two sources, with every number easy to add up; fields of `change` stand instead. */
export function exampleRun(change: Partial<RunRecord> = {}): RunRecord {
  const step = (number: number, loss: number): StepRecord => ({
    step: number,
    loss,
    seconds: 0.5,
    selectionSeconds: 0.125,
    tokens: 100,
    learningRate: 0.01,
    picked: { sums: 3, dates: 1 },
  });
  return {
    format: 1,
    name: "colm 8 → 4",
    method: "colm",
    pool: 8,
    budget: 4,
    seed: 1,
    settings: { learningRate: 0.01, clipping: null },
    environment: { node: "24.21.0", threads: 1 },
    sources: [
      { name: "sums", examples: 900, small: false },
      { name: "dates", examples: 100, small: true },
    ],
    steps: [step(1, 3), step(2, 2)],
    evaluations: [
      { step: 0, micro: 4, macro: 4.5, small: 5, exactMatch: 0, perSource: { sums: 4, dates: 5 } },
      { step: 2, micro: 2, macro: 2.25, small: 2.5, exactMatch: 0.25, perSource: { sums: 2, dates: 2.5 } },
    ],
    peakBytes: 1_500_000,
    ...change,
  };
}

/** The same run by another method: its last losses moved by `shift`. */
export function controlRun(
  name: string,
  method: string,
  pool: number,
  budget: number,
  shift: number,
): RunRecord {
  const run = exampleRun();
  const evaluations = run.evaluations.map((evaluation) => ({
    ...evaluation,
    micro: evaluation.micro + shift,
    macro: evaluation.macro + shift,
    small: (evaluation.small ?? 0) + shift,
    perSource: { sums: (evaluation.perSource.sums ?? 0) + shift, dates: evaluation.perSource.dates ?? 0 },
  }));
  const steps = run.steps.map((step) => ({ ...step, seconds: 0.375, selectionSeconds: 0 }));
  return { ...run, name, method, pool, budget, evaluations, steps, peakBytes: 1_000_000 };
}
