import { uniform } from "@colm/array";
import { type Example, pack } from "@colm/data";
import { chooseBackend } from "@colm/lm-tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { evaluate, type TrainOptions, train } from "../src/index.ts";
import { allValues, tinyModel } from "./tiny.ts";
import { steps, tinyRun } from "./tiny-run.ts";

beforeAll(async () => {
  await chooseBackend("wasm");
});

/** Documents of three sources of falling size; in each the next token follows from the last one by a rule of its own. */
const documents = Array.from({ length: 60 }, (_, i): Example => {
  const source = i % 10 === 9 ? "rare" : i % 3 === 0 ? "down" : "up";
  const [start, length] = uniform(new Float64Array(2), { seed: i });
  const by = { up: 1, down: 23, rare: 2 }[source] ?? 0;
  const inputIds = Int32Array.from(
    { length: 5 + Math.floor(9 * length) },
    (_, t) => (Math.floor(24 * start) + by * t) % 24,
  );
  return { inputIds, labels: inputIds, source, truncated: 0 };
});

describe("pre-training on packed chunks", () => {
  const options = {
    ...tinyRun,
    train: "full",
    maxSteps: 40,
    learningRate: 0.01,
    pool: 16,
    budget: 12,
  } as const;

  it("learns from scratch with CoLM on every weight, in memory that stays, and perplexity falls", async () => {
    const trainDataset = await pack(documents, { length: 16 });
    const model = tinyModel(3, false);
    const before = await evaluate(model, trainDataset);
    const tensors = tf.memory().numTensors;
    const ways: Partial<TrainOptions>[] = [
      { selection: { features: "last-value", reuse: true } },
      { selection: { mode: "default", features: "last-block", sketch: 32 }, gradientCheckpointing: true },
      { method: "keep-random" },
    ];
    for (const way of ways) {
      const own = tinyModel(3, false);
      const seen = await steps({ ...options, ...way, model: own, trainDataset });
      for (const { selection } of seen) {
        const { available, selected } = selection.diagnostics;
        expect(selected.at(-1)).toBe(available.at(-1));
      }
      const after = await evaluate(own, trainDataset);
      expect(Math.exp(after.micro)).toBeLessThan(Math.exp(before.micro) / 2);
      own.dispose();
      expect(tf.memory().numTensors).toBe(tensors);
    }
    model.dispose();
  });

  it("is the same run from a list that is read on demand as from an array, resumed or not", async () => {
    const chunks = await pack(documents, { length: 16 });
    const held = await Promise.all(Array.from({ length: chunks.length }, (_, i) => chunks.get(i)));
    const runs = [];
    for (const trainDataset of [chunks, held]) {
      const model = tinyModel(3);
      const seen = await steps({ ...options, maxSteps: 3, model, trainDataset, evalDataset: trainDataset });
      runs.push({
        indices: seen.map(({ selection }) => [...selection.indices]),
        values: await allValues(model),
      });
      model.dispose();
    }
    expect(runs[0]).toEqual(runs[1]);
  });

  it("predicts its memory for the longest chunk that the model takes, where nothing is read beforehand", async () => {
    const trainDataset = await pack(documents, { length: 16 });
    const model = tinyModel(3);
    const { assumptions } = train({ ...options, model, trainDataset }).memory;
    expect(assumptions).toContain("micro-batches of 12 examples of 32 tokens, the longest that come");
    model.dispose();
  });
});
