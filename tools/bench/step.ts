import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { uniform } from "@colm/array";
import type { Example } from "@colm/data";
import { type CausalLM, chooseBackend, createModel, loadModel, parseModelConfig } from "@colm/lm-tfjs";
import { type TrainEvent, type TrainOptions, train } from "@colm/trainer-tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { MODEL_CONFIG } from "../base-model/model-config.ts";
import { median } from "./measure.ts";

const WARMUP = 2;
const ROUNDS = 7;
const TOKENS = 40;

const variants = {
  full128: { pool: 128, budget: 128, method: "random" },
  full64: { pool: 64, budget: 64, method: "random" },
  colm: { pool: 128, budget: 64, method: "colm" },
} as const;

/**
 * Seconds and extra tensor bytes of one training step, LoRA on the base model: all of 128 examples, all of 64, and
 * CoLM 128 to 64. The three run in turns, each batch in one forward and backward pass.
 */
export async function run(): Promise<Record<string, number>> {
  await chooseBackend("wasm");
  const measured: Record<string, number> = {};
  const runs = [];
  for (const [name, settings] of Object.entries(variants)) {
    const model = await baseModel();
    runs.push({ name, model, events: iterate(model, settings), seconds: [0].slice(1), bytes: [0].slice(1) });
  }
  for (let round = 0; round < WARMUP + ROUNDS; round++) {
    for (const { events, seconds, bytes } of runs) {
      const held = tf.memory().numBytes;
      const { value } = await events.next();
      if (value?.type !== "step") throw new Error("step: the run ended before the benchmark did");
      const { selection, training, optimizer } = value.seconds;
      if (round < WARMUP) continue;
      seconds.push(selection + training + optimizer);
      bytes.push(value.peakBytes - held);
    }
  }
  for (const { name, seconds } of runs) measured[`${name}_s`] = median(seconds);
  for (const { name, bytes } of runs) measured[`${name}_bytes`] = Math.max(...bytes);
  for (const { model } of runs) model.dispose();
  return measured;
}

function iterate(
  model: CausalLM,
  settings: Pick<TrainOptions, "pool" | "budget" | "method">,
): AsyncIterator<TrainEvent> {
  const events = train({
    ...settings,
    model,
    trainDataset: examples(1024, model.config.vocabSize),
    maxSteps: WARMUP + ROUNDS + 1,
    learningRate: 1e-3,
    loraRank: 16,
    perDeviceTrainBatchSize: 128,
    seed: 1,
  });
  return events[Symbol.asyncIterator]();
}

/** The committed base model, or one of its shape with fresh weights. */
async function baseModel(): Promise<CausalLM> {
  const folder = fileURLToPath(new URL("../base-model/model", import.meta.url));
  if (existsSync(`${folder}/config.json`)) return loadModel(folder);
  return createModel(parseModelConfig(MODEL_CONFIG), { seed: 1 });
}

/** Random tokens in sequences of one length, half of each labelled; eight sources of falling size. */
function examples(count: number, vocabulary: number): Example[] {
  const draws = uniform(new Float64Array(count * (TOKENS + 1)), { seed: 5 });
  return Array.from({ length: count }, (_, i): Example => {
    const start = i * (TOKENS + 1);
    const inputIds = Int32Array.from(draws.slice(start, start + TOKENS), (x) => Math.floor(x * vocabulary));
    const labels = inputIds.map((id, t) => (t < TOKENS / 2 ? -100 : id));
    const source = String(Math.floor(8 * draws[start + TOKENS] ** 2));
    return { inputIds, labels, source, truncated: 0 };
  });
}
