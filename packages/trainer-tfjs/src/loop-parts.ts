import type { CallbackAnswer, TrainerCallback, TrainerControl, TrainerState } from "./callbacks.ts";
import { askCallbacks } from "./callbacks.ts";
import { countLabels } from "./cluster-examples.ts";
import { costModel } from "./cost-model.ts";
import { evaluateLosses } from "./evaluate.ts";
import { assignAll } from "./float-data.ts";
import type { NamedArrays } from "./optimizer.ts";
import type { PeakBytes } from "./peak-bytes.ts";
import { clusteredSelection, makeClusters, type PreparedRun, smallNames } from "./prepare-run.ts";
import { adjustedRandIndex } from "./rand-index.ts";
import { afterEvaluation, evaluationEntry, metricOf, stepEntry } from "./run-progress.ts";
import type { RunSelection } from "./run-selection.ts";
import type { LogEntry, RunState } from "./run-state.ts";
import type { IdealClock } from "./stage-times.ts";
import { stepEvent } from "./step-event.ts";
import type { CheckpointEvent, EvaluateEvent, SourcesEvent, StepEvent } from "./train-events.ts";
import { trainStep } from "./train-step.ts";

/** A run under way; its parts below change what is not read-only. */
export interface Loop {
  readonly run: PreparedRun;
  readonly bytes: PeakBytes;
  readonly clock: IdealClock;
  state: RunState;
  selection: RunSelection;
  /** What callbacks have asked for and not got yet. */
  asked: Required<TrainerControl>;
  /** The weights of the best evaluation, where they are wanted and it is not the newest state's. */
  best: NamedArrays | undefined;
  /** The update of the newest checkpoint that this run wrote or came from; -1 before there is one. */
  savedAt: number;
}

/** Passes over the data that `step` updates make, a fraction. */
export function epochOf({ run }: Loop, step: number): number {
  const { pool, trainDataset } = run.setting.options;
  return (step * pool) / trainDataset.length;
}

/** Calls something of every callback. */
export async function ask(
  loop: Loop,
  call: (callback: TrainerCallback, state: TrainerState) => CallbackAnswer,
): Promise<void> {
  const { callbacks, maxSteps } = loop.run.setting.options;
  if (callbacks.length === 0) return;
  const { step, progress } = loop.state;
  const state = { ...progress, globalStep: step, maxSteps, epoch: epochOf(loop, step) };
  const answer = await askCallbacks(callbacks, (callback) => call(callback, state));
  loop.asked = {
    shouldTrainingStop: loop.asked.shouldTrainingStop || answer.shouldTrainingStop,
    shouldSave: loop.asked.shouldSave || answer.shouldSave,
    shouldEvaluate: loop.asked.shouldEvaluate || answer.shouldEvaluate,
  };
}

/** One update, its parameters written to the model. */
export async function update(loop: Loop, drawn: Int32Array, dataSeconds: number): Promise<StepEvent> {
  const { setting, variables } = loop.run;
  const { now } = setting.options;
  loop.bytes.reset();
  const held = loop.bytes.peak();
  const stageBytes = { held, kept: held, selection: held, training: held };
  const outcome = await trainStep(setting, loop.selection, loop.state, drawn, {
    selected: (selection) => ask(loop, (callback, state) => callback.onSelect?.(state, selection)),
    betweenPieces: () => ask(loop, (callback, state) => callback.onSubstepEnd?.(state)),
    beforeOptimizer: (gradient) =>
      ask(loop, (callback, state) => callback.onPreOptimizerStep?.(state, gradient)),
    stage(stage) {
      stageBytes[stage] = loop.bytes.peak();
      loop.bytes.reset();
      if (stage === "selection") stageBytes.kept = loop.bytes.peak();
    },
  });
  const begin = now();
  assignAll(variables, outcome.next.parameters);
  const { data, optimizer, ...times } = outcome.time;
  const time = { data: data + dataSeconds, ...times, optimizer: optimizer + (now() - begin) / 1000 };
  const peakBytes = Math.max(stageBytes.selection, stageBytes.training, loop.bytes.peak());
  loop.state = outcome.next;
  await ask(loop, (callback, state) => callback.onOptimizerStep?.(state));
  const event = stepEvent(setting.options, outcome, { time, peakBytes, stageBytes, clock: loop.clock });
  if (event.step % setting.options.loggingSteps === 0) await log(loop, stepEntry(event));
  await ask(loop, (callback, state) => callback.onStepEnd?.(state, event));
  return event;
}

/** One evaluation, the best so far remembered. */
export async function evaluation(loop: Loop): Promise<EvaluateEvent> {
  const { setting, sources, heldOut } = loop.run;
  const { model, evalDataset, perDeviceEvalBatchSize: batchSize, signal, now } = setting.options;
  const { metricForBestModel, earlyStoppingThreshold, loadBestModelAtEnd, outputDir } = setting.options;
  const begin = now();
  const { workers } = setting;
  const how = { batchSize, smallSources: smallNames(sources), workers, signal };
  const means = await evaluateLosses(model, evalDataset, heldOut, how);
  const { step } = loop.state;
  const operations = costModel(model).forward(
    heldOut.lengths,
    heldOut.targets.reduce((sum, count) => sum + count, 0),
  );
  const event: EvaluateEvent = {
    type: "evaluate",
    step,
    evaluation: means,
    seconds: (now() - begin) / 1000,
    idealSeconds: loop.clock.seconds(operations),
  };
  const metric = metricOf(means, metricForBestModel);
  const { improved, ...progress } = afterEvaluation(
    loop.state.progress,
    { step, metric },
    earlyStoppingThreshold,
  );
  loop.state = { ...loop.state, progress, due: false };
  if (improved && loadBestModelAtEnd) {
    loop.best = loop.state.parameters;
    if (outputDir !== undefined) loop.asked = { ...loop.asked, shouldSave: true };
  }
  await log(loop, evaluationEntry(event, epochOf(loop, step)));
  await ask(loop, (callback, state) => callback.onEvaluate?.(state, event));
  return event;
}

/** A checkpoint of the state as it is, and room for it. */
export async function checkpoint(loop: Loop, outputDir: string): Promise<CheckpointEvent> {
  const { saveTotalLimit, loadBestModelAtEnd } = loop.run.setting.options;
  const { step, progress } = loop.state;
  const folder = await writeState(loop, outputDir);
  loop.savedAt = step;
  if (saveTotalLimit !== undefined) {
    const { limitCheckpoints } = await import("./checkpoint.ts");
    const spared = loadBestModelAtEnd ? progress.best?.step : undefined;
    await limitCheckpoints(outputDir, saveTotalLimit, { newest: step, spared });
  }
  const event: CheckpointEvent = { type: "checkpoint", step, folder };
  await ask(loop, (callback, state) => callback.onSave?.(state, event));
  return event;
}

/** Writes the state as it is, and tells nobody. */
export async function writeState(loop: Loop, outputDir: string): Promise<string> {
  const { setting, identity } = loop.run;
  const { options } = setting;
  const { state } = loop;
  const { step } = state;
  const { writeCheckpoint } = await import("./checkpoint.ts");
  try {
    return await writeCheckpoint(outputDir, { model: options.model, state, identity, options });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const last = loop.savedAt < 0 ? "there is no earlier one" : `checkpoint-${loop.savedAt} is whole`;
    throw new Error(`train: no checkpoint of step ${step} in ${outputDir}: ${reason}; ${last}`, { cause });
  }
}

/** New sources from the hidden states as they are now; undefined where the present ones serve on. */
export async function recluster(loop: Loop): Promise<SourcesEvent | undefined> {
  const { options } = loop.run.setting;
  const { step, clusters } = loop.state;
  const { refreshSteps } = options.clusterSources ?? {};
  if (options.clusterSources === undefined) return undefined;
  const isDue = refreshSteps !== undefined && step % refreshSteps === 0 && clusters?.step !== step;
  if (clusters !== undefined && !isDue) return undefined;
  const begin = options.now();
  const made = await makeClusters(options, step);
  loop.state = { ...loop.state, clusters: made };
  loop.selection = await clusteredSelection(options, made, loop.selection);
  const seconds = (options.now() - begin) / 1000;
  const { names, ids } = loop.run.sources;
  const agreement = names.length > 1 ? adjustedRandIndex(made.labels, ids) : null;
  const counted = countLabels(made.labels, options.selection.boundary);
  return { type: "sources", step, ...counted, agreement, seconds };
}

/** Gives the model the weights of the best evaluation. */
export function loadBest({ run, state, best }: Loop): void {
  if (best && state.progress.best?.step !== state.step) assignAll(run.variables, best);
}

async function log(loop: Loop, entry: LogEntry): Promise<void> {
  const { progress } = loop.state;
  loop.state = { ...loop.state, progress: { ...progress, log: [...progress.log, entry] } };
  await ask(loop, (callback, state) => callback.onLog?.(state, entry));
}
