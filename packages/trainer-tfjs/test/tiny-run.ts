import { type StepEvent, type TrainEvent, type TrainOptions, train } from "../src/index.ts";
import { tinyExamples } from "./tiny.ts";

/** A run of four steps on forty tiny examples; the model is the test's own. */
export const tinyRun = {
  trainDataset: tinyExamples(40),
  pool: 16,
  budget: 8,
  maxSteps: 4,
  learningRate: 0.01,
  seed: 7,
  now: () => 0,
};

/** All events of a run. */
export async function events(options: TrainOptions): Promise<TrainEvent[]> {
  const seen: TrainEvent[] = [];
  for await (const event of train(options)) seen.push(event);
  return seen;
}

/** The updates of a run. */
export async function steps(options: TrainOptions): Promise<StepEvent[]> {
  return (await events(options)).filter((event) => event.type === "step");
}
