import type { EvaluationRecord, RunRecord, StepRecord } from "@colm/report";
import type { EvaluateEvent, Evaluation, StepEvent } from "@colm/trainer-tfjs";

/** What a run record starts from: everything that is known before the first step. */
export type RunHeader = Omit<RunRecord, "format" | "steps" | "evaluations" | "peakBytes" | "processBytes">;

/** Gathers a run's events into a record for the report. */
export interface RunRecorder {
  /** Notes an update. */
  step(event: StepEvent): void;
  /** Notes held-out means: of losses, and of exact matches in [0, 1] where they were measured; and the seconds of the losses. */
  evaluation(
    step: number,
    losses: Evaluation,
    matches?: Evaluation,
    time?: Pick<EvaluateEvent, "seconds" | "idealSeconds">,
  ): void;
  /** The record so far, fresh. */
  record(): RunRecord;
}

/**
 * Gathers a run's events into a record.
 *
 * @param header - Name, settings, environment and sources.
 * @param examples - The training set: what its places in the events mean.
 * @param before - Record of the same run up to the step it is resumed from.
 * @param measured - Whether the events' bytes are those of the run: with worker threads they are not, and the record has none.
 * @returns The recorder.
 */
export function recordRun(
  header: RunHeader,
  examples: readonly { readonly source: string }[],
  before?: Pick<RunRecord, "steps" | "evaluations" | "peakBytes" | "processBytes">,
  measured = true,
): RunRecorder {
  const steps: StepRecord[] = [...(before?.steps ?? [])];
  const evaluations: EvaluationRecord[] = [...(before?.evaluations ?? [])];
  // a peak of some of the steps would be none of the run
  const whole = measured && !(before && before.steps.length > 0 && before.peakBytes === null);
  let peakBytes = whole ? (before?.peakBytes ?? null) : null;
  let processBytes = before?.processBytes ?? { heap: 0, resident: 0 };
  return {
    step(event) {
      const { peakBytes: peak, stageBytes } = event;
      const bytes = measured ? { peakBytes: peak, stageBytes: { ...stageBytes } } : {};
      steps.push({ ...stepRecord(event, examples), ...bytes });
      if (whole) peakBytes = Math.max(peakBytes ?? 0, peak);
      const { heapUsed, rss } = process.memoryUsage();
      processBytes = {
        heap: Math.max(processBytes.heap, heapUsed),
        resident: Math.max(processBytes.resident, rss),
      };
    },
    evaluation(step, { micro, macro, small, sources }, matches, time) {
      evaluations.push({
        step,
        micro,
        macro,
        small: Number.isNaN(small) ? null : small,
        exactMatch: matches?.micro ?? null,
        perSource: Object.fromEntries(sources.map(({ name, mean }) => [name, mean])),
        ...(time && { seconds: time.seconds }),
        ...(time && time.idealSeconds !== null && { idealSeconds: time.idealSeconds }),
      });
    },
    record: () => ({
      format: 1,
      ...header,
      steps: [...steps],
      evaluations: [...evaluations],
      peakBytes,
      ...(processBytes.resident > 0 && { processBytes }),
    }),
  };
}

function stepRecord(event: StepEvent, examples: readonly { readonly source: string }[]): StepRecord {
  const { step, loss, seconds, tokens, learningRate, gradientNorm, selection } = event;
  const { measured, ideal } = event.time;
  const { matching } = selection.diagnostics;
  const places = new Map<string, number[]>();
  for (const place of selection.indices) {
    const { source } = examples[place];
    places.set(source, [...(places.get(source) ?? []), place]);
  }
  return {
    step,
    loss,
    seconds: seconds.selection + seconds.training + seconds.optimizer,
    selectionSeconds: seconds.selection,
    tokens,
    learningRate,
    picked: Object.fromEntries([...places].map(([source, of]) => [source, of.length])),
    examples: Object.fromEntries(places),
    stages: { ...measured },
    ...(ideal && { ideal: { ...ideal } }),
    gradientNorm,
    ...(selection.check && { check: selection.check }),
    ...(matching && { matching: { plain: matching.plain, upweighted: matching.upweighted } }),
  };
}
