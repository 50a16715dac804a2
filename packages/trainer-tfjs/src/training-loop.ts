import { batches } from "@colm/data";
import {
  ask,
  checkpoint,
  epochOf,
  evaluation,
  type Loop,
  loadBest,
  recluster,
  update,
  writeState,
} from "./loop-parts.ts";
import { trackPeakBytes } from "./peak-bytes.ts";
import type { PreparedRun } from "./prepare-run.ts";
import { range } from "./run-selection.ts";
import { idealClock } from "./stage-times.ts";
import type { CheckpointEvent, EndReason, EvaluateEvent, TrainEvent, TrainResult } from "./train-events.ts";

const NOTHING_ASKED = { shouldTrainingStop: false, shouldSave: false, shouldEvaluate: false };

/** The loop: pool, selection, step, and now and then an evaluation or a checkpoint. `deadline` is in milliseconds of the clock. */
export async function* trainingLoop(
  run: PreparedRun,
  deadline: number,
): AsyncGenerator<TrainEvent, TrainResult> {
  const { options } = run.setting;
  const { evalOnStart, earlyStoppingPatience, loadBestModelAtEnd } = options;
  const loop: Loop = {
    run,
    bytes: trackPeakBytes(),
    clock: idealClock(),
    state: run.state,
    selection: run.selection,
    asked: NOTHING_ASKED,
    best: run.best,
    savedAt: run.resumed && options.resumeFromCheckpoint === true ? run.state.step : -1,
  };
  try {
    await ask(loop, (callback, state) => callback.onInitEnd?.(state));
    await ask(loop, (callback, state) => callback.onTrainBegin?.(state));
    if (run.resumed ? run.state.due : evalOnStart === true) {
      yield* evaluated(loop);
      // the checkpoint that was resumed from does not have it
      const isCaughtUp = run.resumed && !loop.state.due;
      if (isCaughtUp || loop.asked.shouldSave) yield* saved(loop);
    }
    const reason = yield* updates(loop, deadline);
    if (loop.savedAt !== loop.state.step) yield* saved(loop);
    loadBest(loop);
    const { step, progress } = loop.state;
    const end = { type: "end", step, reason } as const;
    await ask(loop, (callback, state) => callback.onTrainEnd?.(state, end));
    yield end;
    const asksForBest = earlyStoppingPatience !== undefined || loadBestModelAtEnd === true;
    return { step, reason, ...(asksForBest && progress.best && { best: progress.best }) };
  } finally {
    loop.bytes.dispose();
  }
}

async function* updates(loop: Loop, deadline: number): AsyncGenerator<TrainEvent, EndReason> {
  const {
    trainDataset,
    pool: size,
    seed,
    maxSteps,
    evalSteps,
    saveSteps,
    signal,
    now,
  } = loop.run.setting.options;
  const places = range(trainDataset.length);
  const first = loop.state.step;
  const pools = batches(places, { size, seed, epochs: Number.POSITIVE_INFINITY, start: first });
  const drawn = pools[Symbol.asyncIterator]();
  for (;;) {
    const reason = reasonToStop(loop, deadline);
    if (reason !== undefined) return reason;
    const made = await unlessStopped(signal, () => recluster(loop));
    if (made) yield made;
    const before = loop.state.step;
    if (before === first || whole(loop, before) > whole(loop, before - 1)) {
      await ask(loop, (callback, state) => callback.onEpochBegin?.(state));
    }
    await ask(loop, (callback, state) => callback.onStepBegin?.(state));
    const begin = now();
    const { value: pool = [] } = await drawn.next();
    const dataSeconds = (now() - begin) / 1000;
    const event = await unlessStopped(signal, () => update(loop, Int32Array.from(pool), dataSeconds));
    if (event === undefined) return "stopped";
    yield event;
    const { step } = event;
    const isLast = step === maxSteps;
    if (isLast || step % (evalSteps ?? maxSteps) === 0 || loop.asked.shouldEvaluate) yield* evaluated(loop);
    if ((!isLast && step % saveSteps === 0) || loop.asked.shouldSave) yield* saved(loop);
    if (isLast || whole(loop, step) > whole(loop, before)) {
      await ask(loop, (callback, state) => callback.onEpochEnd?.(state));
    }
  }
}

function reasonToStop(loop: Loop, deadline: number): EndReason | undefined {
  const { maxSteps, earlyStoppingPatience = Infinity, signal, now } = loop.run.setting.options;
  const { step, progress, due } = loop.state;
  if (due) return "stopped";
  if (step >= maxSteps) return "finished";
  if (progress.waited >= earlyStoppingPatience) return "early-stopped";
  if (signal?.aborted || loop.asked.shouldTrainingStop) return "stopped";
  return now() >= deadline ? "out-of-time" : undefined;
}

/** Whole passes over the data after `step` updates. */
function whole(loop: Loop, step: number): number {
  return Math.floor(epochOf(loop, step));
}

/** An evaluation; where the signal is in its way, it stays due. */
async function* evaluated(loop: Loop): AsyncGenerator<EvaluateEvent> {
  const { evalDataset, maxSteps, outputDir, signal } = loop.run.setting.options;
  loop.asked = { ...loop.asked, shouldEvaluate: false };
  loop.state = { ...loop.state, due: evalDataset.length > 0 };
  if (!loop.state.due) return;
  // what was learned is safe from whatever may happen in the last evaluation
  if (loop.state.step === maxSteps && outputDir !== undefined) await writeState(loop, outputDir);
  const event = await unlessStopped(signal, () => evaluation(loop));
  if (event) yield event;
}

async function* saved(loop: Loop): AsyncGenerator<CheckpointEvent> {
  const { outputDir } = loop.run.setting.options;
  loop.asked = { ...loop.asked, shouldSave: false };
  if (outputDir !== undefined) yield await checkpoint(loop, outputDir);
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
