import type { EvaluationRecord, RunRecord } from "./run-record.ts";
import type { Point } from "./series.ts";

/** What a chart can have on its horizontal axis. */
export type Axis = "steps" | "examples" | "seconds";

/** What each axis is called. */
export const axisLabels: { readonly [axis in Axis]: string } = {
  steps: "step",
  examples: "examples trained on",
  seconds: "seconds",
};

/** Where each step stands on an axis: its number, the examples trained on, or the seconds trained until it was done. Step 0 stands at 0. */
export function positions(run: RunRecord, axis: Axis): Map<number, number> {
  const at = new Map([[0, 0]]);
  let [seconds, examples] = [0, 0];
  for (const step of run.steps) {
    seconds += step.seconds;
    examples += Object.values(step.picked).reduce((sum, count) => sum + count, 0);
    at.set(step.step, axis === "steps" ? step.step : axis === "seconds" ? seconds : examples);
  }
  return at;
}

/** A run's evaluations as points by step; those without the value are left out. */
export function evaluationPoints(
  run: RunRecord,
  axis: Axis,
  value: (evaluation: EvaluationRecord) => number | null,
): Map<number, Point> {
  const x = positions(run, axis);
  return new Map(
    run.evaluations.flatMap((evaluation): [number, Point][] => {
      const y = value(evaluation);
      return y === null ? [] : [[evaluation.step, { x: x.get(evaluation.step) ?? 0, y }]];
    }),
  );
}

/** Means of `size` consecutive steps as points by the last of those steps; steps without the value are left out. */
export function stepPoints(
  run: RunRecord,
  axis: Axis,
  size: number,
  value: (step: RunRecord["steps"][number]) => number | null,
): Map<number, Point> {
  const x = positions(run, axis);
  const points = new Map<number, Point>();
  for (let start = 0; start < run.steps.length; start += size) {
    const bucket = run.steps.slice(start, start + size);
    const values = bucket.map(value).filter((each) => each !== null);
    if (values.length === 0) continue;
    const { step } = bucket[bucket.length - 1];
    points.set(step, { x: x.get(step) ?? 0, y: values.reduce((sum, each) => sum + each, 0) / values.length });
  }
  return points;
}

/** At most so many points on a line of steps. */
const buckets = 40;

/** How many steps one point of a line stands for, so that no line has too many. */
export function bucketSize(runs: readonly RunRecord[]): number {
  const longest = runs.reduce((most, run) => Math.max(most, run.steps.length), 0);
  return Math.max(1, Math.ceil(longest / buckets));
}
