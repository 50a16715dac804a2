import type { ListFacts } from "./example-list.ts";
import type { LogEntry, RunProgress } from "./run-state.ts";
import { type Evaluation, summarize } from "./summarize.ts";
import type { BestEvaluation, EvaluateEvent, StepEvent } from "./train-events.ts";

/** Nothing logged, nothing evaluated. */
export const NO_PROGRESS: RunProgress = { best: null, waited: 0, log: [] };

/** The mean that `metricForBestModel` names. @throws {RangeError} If it is not a number. */
export function metricOf(evaluation: Evaluation, metric: string): number {
  const value = meanOf(evaluation, metric);
  if (value !== undefined && !Number.isNaN(value)) return value;
  throw new RangeError(
    `train: "metricForBestModel" must be a number after each evaluation, got NaN of "${metric}": lower the learning rate, or look for broken weights`,
  );
}

/** Throws unless the held-out set has what `metricForBestModel` names: a source of that name, a small one, tokens that are learned. */
export function requireMetric(
  { sources, targets }: ListFacts,
  smallSources: readonly string[],
  metric: string,
): void {
  const summary = summarize(new Float64Array(sources.length), sources, smallSources);
  const perplexity = targets.some((count) => count > 0) ? 1 : Number.NaN;
  if (!Number.isNaN(meanOf({ ...summary, perplexity }, metric) ?? Number.NaN)) return;
  const names = summary.sources.map(({ name }) => name).join(", ");
  throw new RangeError(
    `train: "metricForBestModel" must be one that the held-out set has (sources ${names}), got "${metric}"`,
  );
}

function meanOf(evaluation: Evaluation, metric: string): number | undefined {
  if (metric === "loss" || metric === "eval_loss") return evaluation.micro;
  if (metric === "micro" || metric === "macro" || metric === "small" || metric === "perplexity") {
    return evaluation[metric];
  }
  return evaluation.sources.find(({ name }) => `source:${name}` === metric)?.mean;
}

/** Progress after an evaluation: better than the best by more than `threshold`, or one more that was not. */
export function afterEvaluation(
  progress: RunProgress,
  event: BestEvaluation,
  threshold: number,
): RunProgress & { readonly improved: boolean } {
  const { best, waited } = progress;
  const improved = best === null || event.metric < best.metric - threshold;
  return improved
    ? { ...progress, best: { step: event.step, metric: event.metric }, waited: 0, improved }
    : { ...progress, waited: waited + 1, improved };
}

/** The log's entry for an update, in Hugging Face's words. */
export function stepEntry({ step, epoch, loss, gradientNorm, learningRate }: StepEvent): LogEntry {
  return { epoch, grad_norm: gradientNorm, learning_rate: learningRate, loss, step };
}

/** The log's entry for an evaluation; means over nothing are left out. */
export function evaluationEntry({ step, evaluation, seconds }: EvaluateEvent, epoch: number): LogEntry {
  const { micro, macro, small, sources, perplexity = Number.NaN } = evaluation;
  const means = [
    ["eval_loss", micro],
    ["eval_macro_loss", macro],
    ["eval_small_loss", small],
    ["eval_perplexity", perplexity],
    ...sources.map(({ name, mean }) => [`eval_${name}_loss`, mean] as const),
  ] as const;
  const finite = means.filter(([, value]) => Number.isFinite(value));
  return { epoch, ...Object.fromEntries(finite), eval_runtime: seconds, step };
}
