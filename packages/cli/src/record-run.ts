import type { EvaluationRecord, RunRecord, StepRecord } from "@colm/report";
import type { Evaluation, StepEvent } from "@colm/trainer-tfjs";

/** What a run record starts from: everything that is known before the first step. */
export type RunHeader = Omit<RunRecord, "format" | "steps" | "evaluations" | "peakBytes">;

/** Gathers a run's events into a record for the report. */
export interface RunRecorder {
  /** Notes an update. */
  step(event: StepEvent): void;
  /** Notes held-out means: of losses, and of exact matches in [0, 1] where they were measured. */
  evaluation(step: number, losses: Evaluation, matches?: Evaluation): void;
  /** The record so far, fresh. */
  record(): RunRecord;
}

/**
 * Gathers a run's events into a record.
 *
 * @param header - Name, settings, environment and sources; source number `s` of the events is `header.sources[s]`.
 * @param before - Record of the same run up to the step it is resumed from.
 * @returns The recorder.
 */
export function recordRun(
  header: RunHeader,
  before?: Pick<RunRecord, "steps" | "evaluations" | "peakBytes">,
): RunRecorder {
  const steps: StepRecord[] = [...(before?.steps ?? [])];
  const evaluations: EvaluationRecord[] = [...(before?.evaluations ?? [])];
  let peakBytes = before?.peakBytes ?? null;
  return {
    step({ step, loss, seconds, tokens, learningRate, selection, peakBytes: bytes }) {
      const counts = header.sources.map(
        ({ name }, s) => [name, selection.diagnostics.selected[s] ?? 0] as const,
      );
      steps.push({
        step,
        loss,
        seconds: seconds.selection + seconds.training + seconds.optimizer,
        selectionSeconds: seconds.selection,
        tokens,
        learningRate,
        picked: Object.fromEntries(counts.filter(([, count]) => count > 0)),
      });
      peakBytes = Math.max(peakBytes ?? 0, bytes);
    },
    evaluation(step, { micro, macro, small, sources }, matches) {
      evaluations.push({
        step,
        micro,
        macro,
        small: Number.isNaN(small) ? null : small,
        exactMatch: matches?.micro ?? null,
        perSource: Object.fromEntries(sources.map(({ name, mean }) => [name, mean])),
      });
    },
    record: () => ({ format: 1, ...header, steps: [...steps], evaluations: [...evaluations], peakBytes }),
  };
}
