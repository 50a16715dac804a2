import type { EvaluationRecord, RunRecord } from "./run-record.ts";

/** The numbers of a run that its line in a table shows; null where nothing was measured. */
export interface Summary {
  readonly run: RunRecord;
  readonly micro: number | null;
  readonly macro: number | null;
  readonly small: number | null;
  readonly exactMatch: number | null;
  /** Mean seconds of a step without its selection. */
  readonly trainingSeconds: number | null;
  /** Mean seconds of a step's selection. */
  readonly selectionSeconds: number | null;
  /** Both together. */
  readonly stepSeconds: number | null;
  /** Sum over all steps. */
  readonly totalSeconds: number;
  readonly peakBytes: number | null;
  /** The last evaluation, behind the last step or wherever the run was stopped. */
  readonly last: EvaluationRecord | null;
}

/** The numbers of a run; those of its last evaluation. */
export function summarize(run: RunRecord): Summary {
  const last = run.evaluations.at(-1) ?? null;
  const count = run.steps.length;
  const total = run.steps.reduce((sum, step) => sum + step.seconds, 0);
  const selection = run.steps.reduce((sum, step) => sum + step.selectionSeconds, 0);
  return {
    run,
    micro: last?.micro ?? null,
    macro: last?.macro ?? null,
    small: last?.small ?? null,
    exactMatch: last?.exactMatch ?? null,
    trainingSeconds: count === 0 ? null : (total - selection) / count,
    selectionSeconds: count === 0 ? null : selection / count,
    stepSeconds: count === 0 ? null : total / count,
    totalSeconds: total,
    peakBytes: run.peakBytes,
    last,
  };
}

/** Something that runs are compared by. */
export interface Measure {
  readonly name: string;
  readonly lowerIsBetter: boolean;
  of(summary: Summary): number | null;
}

export const measures: readonly Measure[] = [
  { name: "loss on the mixture (micro)", lowerIsBetter: true, of: (s) => s.micro },
  { name: "mean loss of the sources (macro)", lowerIsBetter: true, of: (s) => s.macro },
  { name: "loss on small sources", lowerIsBetter: true, of: (s) => s.small },
  { name: "exact answers", lowerIsBetter: false, of: (s) => s.exactMatch },
  { name: "seconds per step", lowerIsBetter: true, of: (s) => s.stepSeconds },
  { name: "peak tensor bytes", lowerIsBetter: true, of: (s) => s.peakBytes },
];

/** The best value of a measure, or null where fewer than two runs have one or all are equal. */
export function bestOf(summaries: readonly Summary[], { of, lowerIsBetter }: Measure): number | null {
  const values = summaries.map(of).filter((value) => value !== null);
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (values.length < 2 || low === high) return null;
  return lowerIsBetter ? low : high;
}
