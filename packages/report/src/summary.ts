import type { RunGroup } from "./groups.ts";
import type { RunRecord } from "./run-record.ts";
import { type Estimate, estimateOver } from "./statistics.ts";

/** A number of a run that runs are compared by, or that a table shows. */
export interface Measure {
  /** Its name in a sentence. */
  readonly name: string;
  /** Undefined where neither end is the better one. */
  readonly lowerIsBetter?: boolean;
  /** Null where it was not measured. */
  of(run: RunRecord): number | null;
}

/** One value for each measure. */
export interface ByMeasure<Value> {
  readonly micro: Value;
  readonly macro: Value;
  readonly small: Value;
  readonly exactMatch: Value;
  readonly stepSeconds: Value;
  readonly selectionSeconds: Value;
  readonly longestSelectionSeconds: Value;
  readonly trainingSeconds: Value;
  readonly peakBytes: Value;
  readonly heapBytes: Value;
  readonly residentBytes: Value;
  readonly predictedBytes: Value;
  readonly everyWeightBytes: Value;
  readonly steps: Value;
  readonly totalSeconds: Value;
}

/** What tables show of a run: its last evaluation, means over its steps, its peak. */
export const measures: ByMeasure<Measure> = {
  micro: {
    name: "loss on the mixture (micro)",
    lowerIsBetter: true,
    of: (run) => run.evaluations.at(-1)?.micro ?? null,
  },
  macro: {
    name: "mean loss of the sources (macro)",
    lowerIsBetter: true,
    of: (run) => run.evaluations.at(-1)?.macro ?? null,
  },
  small: {
    name: "loss on small sources",
    lowerIsBetter: true,
    of: (run) => run.evaluations.at(-1)?.small ?? null,
  },
  exactMatch: {
    name: "exact answers",
    lowerIsBetter: false,
    of: (run) => run.evaluations.at(-1)?.exactMatch ?? null,
  },
  stepSeconds: {
    name: "seconds per step",
    lowerIsBetter: true,
    of: (run) => perStep(run, totalSeconds(run)),
  },
  selectionSeconds: {
    name: "seconds of selection per step",
    of: (run) => perStep(run, selectionSeconds(run)),
  },
  longestSelectionSeconds: {
    name: "seconds of selection in the step where it took longest",
    of: ({ steps }) =>
      steps.length === 0 ? null : steps.reduce((most, step) => Math.max(most, step.selectionSeconds), 0),
  },
  trainingSeconds: {
    name: "seconds of training per step",
    of: (run) => perStep(run, totalSeconds(run) - selectionSeconds(run)),
  },
  peakBytes: { name: "peak tensor bytes", lowerIsBetter: true, of: (run) => run.peakBytes },
  heapBytes: { name: "bytes of the heap", of: ({ processBytes }) => processBytes?.heap ?? null },
  residentBytes: { name: "resident bytes", of: ({ processBytes }) => processBytes?.resident ?? null },
  predictedBytes: {
    name: "predicted bytes",
    of: ({ memory }) =>
      memory === undefined ? null : Object.values(memory).reduce((sum, bytes) => sum + bytes, 0),
  },
  everyWeightBytes: {
    name: "predicted bytes with every weight trained",
    of: ({ everyWeightBytes = null }) => everyWeightBytes,
  },
  steps: { name: "steps", of: (run) => run.steps.length },
  totalSeconds: { name: "seconds of all steps", of: totalSeconds },
};

/** One value for each measure, made of it. */
export function byMeasure<Value>(make: (measure: Measure) => Value): ByMeasure<Value> {
  return {
    micro: make(measures.micro),
    macro: make(measures.macro),
    small: make(measures.small),
    exactMatch: make(measures.exactMatch),
    stepSeconds: make(measures.stepSeconds),
    selectionSeconds: make(measures.selectionSeconds),
    longestSelectionSeconds: make(measures.longestSelectionSeconds),
    trainingSeconds: make(measures.trainingSeconds),
    peakBytes: make(measures.peakBytes),
    heapBytes: make(measures.heapBytes),
    residentBytes: make(measures.residentBytes),
    predictedBytes: make(measures.predictedBytes),
    everyWeightBytes: make(measures.everyWeightBytes),
    steps: make(measures.steps),
    totalSeconds: make(measures.totalSeconds),
  };
}

/** What a group's line in a table shows: mean and standard deviation over its runs; null where nothing was measured. */
export interface Summary extends ByMeasure<Estimate | null> {
  readonly group: RunGroup;
}

/** The measures of a group. */
export function summarize(group: RunGroup): Summary {
  return { group, ...byMeasure(({ of }) => estimateOver(group.runs, of)) };
}

/** The best mean of a measure, or null where fewer than two groups have one or all are equal. */
export function bestOf(summaries: readonly Summary[], key: keyof ByMeasure<Measure>): number | null {
  const { lowerIsBetter } = measures[key];
  if (lowerIsBetter === undefined) return null;
  const values = summaries.flatMap((summary) => summary[key]?.mean ?? []);
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (values.length < 2 || low === high) return null;
  return lowerIsBetter ? low : high;
}

function totalSeconds({ steps }: RunRecord): number {
  return steps.reduce((sum, step) => sum + step.seconds, 0);
}

function selectionSeconds({ steps }: RunRecord): number {
  return steps.reduce((sum, step) => sum + step.selectionSeconds, 0);
}

function perStep({ steps }: RunRecord, sum: number): number | null {
  return steps.length === 0 ? null : sum / steps.length;
}
