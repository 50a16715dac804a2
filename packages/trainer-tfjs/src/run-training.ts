import { batches } from "@colm/data";
import { evaluate } from "./evaluate.ts";
import { assignAll } from "./float-data.ts";
import { trackPeakBytes } from "./peak-bytes.ts";
import { type PreparedRun, prepareRun } from "./prepare-run.ts";
import type { ResolvedOptions } from "./resolve-options.ts";
import type { RunState } from "./run-state.ts";
import type { CheckpointEvent, EvaluateEvent, StepEvent, TrainEvent, TrainResult } from "./train-events.ts";
import { type StepOutcome, trainStep } from "./train-step.ts";

/** The loop: pool, selection, step, and now and then an evaluation or a checkpoint. */
export async function* runTraining(options: ResolvedOptions): AsyncGenerator<TrainEvent, TrainResult> {
  const { trainDataset, pool: size, seed, maxSteps, evalSteps, saveSteps, signal } = options;
  const run = await prepareRun(options);
  let { state } = run;
  const bytes = trackPeakBytes();
  try {
    const places = Int32Array.from(trainDataset.keys());
    const pools = batches(places, { size, seed, epochs: Number.POSITIVE_INFINITY, start: state.step });
    for await (const pool of state.step < maxSteps ? pools : []) {
      bytes.reset();
      const outcome = await unlessStopped(signal, () => update(run, state, Int32Array.from(pool)));
      if (outcome === undefined) break;
      state = outcome.next;
      yield stepEvent(options, outcome, bytes.peak());
      const last = state.step === maxSteps;
      if (last || state.step % (evalSteps ?? maxSteps) === 0) yield* evaluated(run, state);
      if (last) break;
      if (state.step % saveSteps === 0) yield* saved(run, state);
    }
    yield* saved(run, state);
    const reason = state.step === maxSteps ? "finished" : "stopped";
    yield { type: "end", step: state.step, reason };
    return { step: state.step, reason };
  } finally {
    bytes.dispose();
  }
}

/** One update, its parameters written to the model. */
async function update(run: PreparedRun, state: RunState, pool: Int32Array): Promise<StepOutcome> {
  const { now } = run.setting.options;
  const outcome = await trainStep(run.setting, state, pool);
  const begin = now();
  assignAll(run.variables, outcome.next.parameters);
  const { seconds } = outcome;
  return { ...outcome, seconds: { ...seconds, optimizer: seconds.optimizer + (now() - begin) / 1000 } };
}

function stepEvent(options: ResolvedOptions, outcome: StepOutcome, peakBytes: number): StepEvent {
  const { next, ...rest } = outcome;
  const { maxSteps, pool, trainDataset } = options;
  const epoch = (next.step * pool) / trainDataset.length;
  return { type: "step", step: next.step, steps: maxSteps, epoch, ...rest, peakBytes };
}

async function* evaluated(
  { setting, sources }: PreparedRun,
  { step }: RunState,
): AsyncGenerator<EvaluateEvent> {
  const { model, evalDataset, perDeviceEvalBatchSize: batchSize, signal, now } = setting.options;
  if (evalDataset.length === 0) return;
  const begin = now();
  const smallSources = sources.names.filter((_, s) => sources.small[s]);
  const evaluation = await unlessStopped(signal, () =>
    evaluate(model, evalDataset, { batchSize, smallSources, signal }),
  );
  if (evaluation) yield { type: "evaluate", step, evaluation, seconds: (now() - begin) / 1000 };
}

async function* saved({ setting, identity }: PreparedRun, state: RunState): AsyncGenerator<CheckpointEvent> {
  const { model, outputDir } = setting.options;
  if (outputDir === undefined) return;
  const { writeCheckpoint } = await import("./checkpoint.ts");
  const folder = await writeCheckpoint(outputDir, model, state, identity);
  yield { type: "checkpoint", step: state.step, folder };
}

/** What `work` returns, or nothing when the signal stopped it or had been aborted before. */
async function unlessStopped<T>(
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T | undefined> {
  if (signal?.aborted) return undefined;
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted && error === signal.reason) return undefined;
    throw error;
  }
}
