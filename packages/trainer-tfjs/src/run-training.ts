import { startWorkers } from "@colm/lm-tfjs";
import { prepareRun } from "./prepare-run.ts";
import type { ResolvedOptions } from "./resolve-options.ts";
import { runSinks } from "./run-sinks.ts";
import type { TrainEvent, TrainResult } from "./train-events.ts";
import { trainingLoop } from "./training-loop.ts";
import { workerError } from "./worker-error.ts";

/** A whole run: prepared, looped, its events given to the sinks before anybody else. */
export async function* runTraining(options: ResolvedOptions): AsyncGenerator<TrainEvent, TrainResult> {
  const begin = options.now();
  const prepared = await prepareRun(options);
  // after the adapter was added and the checkpoint restored: workers keep the adapter that they start with
  const workers =
    options.workers === 0 ? undefined : await startWorkers(options.model, { count: options.workers });
  const run = { ...prepared, setting: { ...prepared.setting, workers } };
  let { step } = run.state;
  let checkpoint = checkpointBefore(options, run.resumed, step);
  try {
    const sinks = runSinks(options, run.resumed ? run.state.step : undefined);
    const loop = trainingLoop(run, begin + run.milliseconds);
    try {
      for (;;) {
        const { value, done } = await loop.next();
        if (done) return value;
        step = value.step;
        if (value.type === "checkpoint") checkpoint = value.folder;
        await sinks.write(value);
        yield value;
      }
    } catch (error) {
      // calls under way say that the workers are gone in words of their own
      throw workers?.ended ? workerError(workers.ended, step, checkpoint) : error;
    } finally {
      // where the consumer has left, the loop still takes its hooks out
      await loop.return({ step: 0, reason: "abandoned" });
      await sinks.close();
    }
  } finally {
    await workers?.dispose();
  }
}

/** The checkpoint that a resumed run comes from. */
function checkpointBefore(
  { outputDir, resumeFromCheckpoint }: ResolvedOptions,
  resumed: boolean,
  step: number,
): string | undefined {
  if (!resumed) return undefined;
  return resumeFromCheckpoint === true ? `${outputDir}/checkpoint-${step}` : resumeFromCheckpoint;
}
