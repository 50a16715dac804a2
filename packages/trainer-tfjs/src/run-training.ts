import { startWorkers } from "@colm/lm-tfjs";
import { prepareRun } from "./prepare-run.ts";
import type { ResolvedOptions } from "./resolve-options.ts";
import { runSinks } from "./run-sinks.ts";
import type { TrainEvent, TrainResult } from "./train-events.ts";
import { trainingLoop } from "./training-loop.ts";

/** A whole run: prepared, looped, its events given to the sinks before anybody else. */
export async function* runTraining(options: ResolvedOptions): AsyncGenerator<TrainEvent, TrainResult> {
  const begin = options.now();
  const prepared = await prepareRun(options);
  // after the adapter was added and the checkpoint restored: workers keep the adapter that they start with
  const workers =
    options.workers === 0 ? undefined : await startWorkers(options.model, { count: options.workers });
  const run = { ...prepared, setting: { ...prepared.setting, workers } };
  try {
    const sinks = runSinks(options, run.resumed ? run.state.step : undefined);
    const loop = trainingLoop(run, begin + run.milliseconds);
    try {
      for (;;) {
        const { value, done } = await loop.next();
        if (done) return value;
        await sinks.write(value);
        yield value;
      }
    } finally {
      // where the consumer has left, the loop still takes its hooks out
      await loop.return({ step: 0, reason: "abandoned" });
      await sinks.close();
    }
  } finally {
    await workers?.dispose();
  }
}
