import type { CausalLM } from "@colm/lm-tfjs";
import { type TrainOptions, train } from "@colm/trainer-tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { median } from "../measure.ts";

/** What one training run showed. */
export interface RunFigures {
  /** Held-out losses after the last update: of all rows, the mean of the sources, and of the small ones. */
  readonly micro: number;
  readonly macro: number;
  readonly small: number;
  /** Median CPU seconds of an update, its selection included. */
  readonly seconds: number;
  /** The most bytes of tensors during an update, above what stood before the run. */
  readonly bytes: number;
}

/** Trains `model` to the end and disposes of it. */
export async function oneRun(model: CausalLM, options: Omit<TrainOptions, "model">): Promise<RunFigures> {
  const held = tf.memory().numBytes;
  const events = train({ ...options, model })[Symbol.asyncIterator]();
  const seconds: number[] = [];
  let bytes = 0;
  let losses: Pick<RunFigures, "micro" | "macro" | "small"> | undefined;
  for (;;) {
    const start = process.cpuUsage();
    const { value, done } = await events.next();
    if (done === true) break;
    if (value.type === "step") {
      const { user, system } = process.cpuUsage(start);
      seconds.push((user + system) / 1e6);
      bytes = Math.max(bytes, value.peakBytes - held);
    }
    if (value.type === "evaluate") {
      const { micro, macro, small } = value.evaluation;
      losses = { micro, macro, small };
    }
  }
  model.dispose();
  if (losses === undefined) throw new Error("oneRun: the run ended without an evaluation");
  return { ...losses, seconds: median(seconds), bytes };
}
