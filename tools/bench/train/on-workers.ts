import { type StepEvent, type TrainRun, train } from "@colm/trainer-tfjs";
import { builtInData, openBaseModel } from "../../start/built-in-job.ts";
import { median } from "../measure.ts";

const WARM_UP = 2;
const STEPS = 12;

/**
 * The built-in job, CoLM 64 of 128 in micro-batches of 16, without workers and with two: seconds of an update by the clock, update by
 * update in turns. The ratio is the median over pairs of neighbouring updates, above 1 where workers are faster. Losses and choices must
 * be the same bits.
 */
export async function onWorkers(): Promise<Record<string, number>> {
  const models = [await openBaseModel(), await openBaseModel()];
  const runs = models.map((model, i) => {
    const settings = {
      pool: 128,
      budget: 64,
      method: "colm",
      loraRank: 16,
      learningRate: 0.005,
      seed: 11,
    } as const;
    return train({
      model,
      trainDataset: builtInData(model, settings.seed).trainDataset,
      ...settings,
      maxSteps: WARM_UP + STEPS,
      perDeviceTrainBatchSize: 16,
      workers: i === 0 ? 0 : 2,
    });
  });
  const [alone, beside] = runs.map(timedSteps);
  const seconds: { readonly alone: number; readonly two: number }[] = [];
  for (let k = 0; k < WARM_UP + STEPS; k++) {
    const one = await alone.step();
    const two = await beside.step();
    if (one.said !== two.said) throw new Error(`workers: update ${k + 1} is another one with workers`);
    if (k >= WARM_UP) seconds.push({ alone: one.seconds, two: two.seconds });
  }
  for (const { end } of [alone, beside]) await end();
  for (const model of models) model.dispose();
  return {
    train_alone_s: median(seconds.map((pair) => pair.alone)),
    train_two_workers_s: median(seconds.map(({ two }) => two)),
    train_two_workers_ratio: median(seconds.map((pair) => pair.alone / pair.two)),
  };
}

interface TimedStep {
  readonly seconds: number;
  /** What must not depend on workers. */
  readonly said: string;
}

/** A run that makes one update at each call of `step`. */
function timedSteps(run: TrainRun): {
  readonly step: () => Promise<TimedStep>;
  readonly end: () => Promise<void>;
} {
  const events = run[Symbol.asyncIterator]();
  return {
    async step() {
      for (;;) {
        const begin = performance.now();
        const { value, done } = await events.next();
        if (done === true) throw new Error("workers: a run ended early");
        if (value.type === "step") {
          return { seconds: (performance.now() - begin) / 1000, said: saidOf(value) };
        }
      }
    },
    async end() {
      while ((await events.next()).done !== true);
    },
  };
}

function saidOf({ loss, gradientNorm, selection }: StepEvent): string {
  return JSON.stringify([loss, gradientNorm, Array.from(selection.indices)]);
}
