import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addLora, chooseBackend } from "@colm/lm-tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { evaluate, type SelectionSettings, type TrainOptions, train } from "../src/index.ts";
import { allValues, tinyExamples, tinyLora, tinyModel } from "./tiny.ts";
import { events, steps, tinyRun } from "./tiny-run.ts";

const { trainDataset: examples } = tinyRun;
beforeAll(async () => {
  await chooseBackend("wasm");
});

describe("train", () => {
  it("lowers the held-out loss", async () => {
    const model = tinyModel();
    const before = await evaluate(model, examples);
    await train({ ...tinyRun, model, maxSteps: 30, method: "random" }).result;
    const after = await evaluate(model, examples);
    expect(after.micro).toBeLessThan(before.micro - 0.5);
    model.dispose();
  });

  it("tells of every step, of the evaluation at the end, and of its end", async () => {
    const model = tinyLora();
    const seen = await events({ ...tinyRun, model, evalDataset: examples, evalSteps: 3 });
    expect(seen.map(({ type, step }) => `${type} ${step}`)).toEqual([
      "step 1",
      "step 2",
      "step 3",
      "evaluate 3",
      "step 4",
      "evaluate 4",
      "end 4",
    ]);
    expect(seen.at(-1)).toEqual({ type: "end", step: 4, reason: "finished" });
    model.dispose();
  });

  it("says which settings are in effect, defaults included", () => {
    const model = tinyLora();
    expect(train({ model, trainDataset: tinyExamples(256) }).settings).toEqual({
      pool: 128,
      budget: 64,
      method: "colm",
      maxSteps: 2,
      learningRate: 2e-4,
      perDeviceTrainBatchSize: 16,
      seed: 42,
      loraRank: 2,
      loraAlpha: 8,
      dtype: "float32",
    });
    const full = train({ model, trainDataset: tinyExamples(256), loraRank: 3, loraAlpha: 5 }).settings;
    expect([full.loraRank, full.loraAlpha]).toEqual([3, 5]);
    const own = tinyModel();
    expect(
      train({ model: own, trainDataset: tinyExamples(256), train: "full" }).settings.loraAlpha,
    ).toBeNull();
    own.dispose();
    model.dispose();
  });

  it("is the same bit for bit, twice, for every method", async () => {
    for (const method of ["colm", "random", "keep-random"] as const) {
      const runs = [];
      for (let i = 0; i < 2; i++) {
        const model = tinyLora();
        runs.push([await events({ ...tinyRun, model, method }), await allValues(model)]);
        model.dispose();
      }
      expect(runs[1]).toEqual(runs[0]);
    }
  });

  it("draws the same pools whatever the method and the budget", async () => {
    // three whole pools an epoch: none spans the border of two, so no example comes twice
    const whole = tinyExamples(48);
    const pools = async (method: "colm" | "random" | "keep-random", budget: number): Promise<number[][]> => {
      const model = tinyLora();
      const seen = await steps({ ...tinyRun, trainDataset: whole, model, method, budget });
      model.dispose();
      return seen.map(({ selection }) => [...selection.indices].sort((a, b) => a - b));
    };
    const all = await pools("random", 16);
    for (const method of ["colm", "random", "keep-random"] as const) {
      const some = await pools(method, 8);
      for (const [step, indices] of some.entries()) {
        expect(indices).toHaveLength(8);
        expect(new Set(indices).size).toBe(8);
        for (const index of indices) expect(all[step]).toContain(index);
      }
    }
  });

  it("keeps every pool example of a small source under colm and keep-random", async () => {
    const model = tinyLora();
    for (const method of ["colm", "keep-random"] as const) {
      for (const { selection } of await steps({ ...tinyRun, model, method })) {
        const { available, selected } = selection.diagnostics;
        expect(selected.at(-1)).toBe(available.at(-1));
      }
    }
    model.dispose();
  });

  it("makes no pass over the pool for random and keep-random", async () => {
    for (const method of ["random", "keep-random"] as const) {
      const model = tinyLora();
      for (const { selection } of await steps({ ...tinyRun, model, method }))
        expect(selection.diagnostics.distinctFeatures).toBeUndefined();
      model.dispose();
    }
    const model = tinyLora();
    for (const { selection } of await steps({ ...tinyRun, model }))
      expect(selection.diagnostics.distinctFeatures).toBeGreaterThan(0);
    model.dispose();
  });

  it("accumulates k micro-batches to the gradient of one batch", async () => {
    const norms = async (perDeviceTrainBatchSize: number): Promise<number[]> => {
      const model = tinyLora();
      const seen = await steps({ ...tinyRun, model, method: "random", perDeviceTrainBatchSize });
      model.dispose();
      return seen.map(({ gradientNorm }) => gradientNorm);
    };
    const whole = await norms(8);
    for (const size of [1, 3, 4]) {
      const parts = await norms(size);
      for (const [i, norm] of parts.entries()) expect(Math.abs(norm / whole[i] - 1)).toBeLessThan(1e-5);
    }
  });

  it("gives the same run with gradient checkpointing, in less memory", async () => {
    const runs = [];
    for (const gradientCheckpointing of [false, true]) {
      const model = tinyLora();
      const held = tf.memory().numBytes;
      const seen = await steps({ ...tinyRun, model, method: "random", gradientCheckpointing });
      runs.push({
        norms: seen.map(({ gradientNorm }) => gradientNorm),
        peak: Math.max(...seen.map(({ peakBytes }) => peakBytes)) - held,
      });
      model.dispose();
    }
    const [plain, checkpointed] = runs;
    for (const [i, norm] of checkpointed.norms.entries()) expect(norm / plain.norms[i]).toBeCloseTo(1, 5);
    expect(checkpointed.peak).toBeLessThan(plain.peak);
  });

  it("leaks no tensor", async () => {
    for (const method of ["colm", "random"] as const) {
      const model = tinyLora();
      const counts: number[] = [];
      for await (const event of train({ ...tinyRun, model, method, maxSteps: 50 })) {
        if (event.type === "step") counts.push(tf.memory().numTensors);
      }
      expect(counts[49]).toBe(counts[1]);
      model.dispose();
    }
  });

  it("holds less at once with half the batch", async () => {
    const peak = async (budget: number, method: "random" | "colm"): Promise<number> => {
      const model = tinyLora();
      const held = tf.memory().numBytes;
      const seen = await steps({ ...tinyRun, model, method, budget, perDeviceTrainBatchSize: 16 });
      model.dispose();
      return Math.max(...seen.map(({ peakBytes }) => peakBytes)) - held;
    };
    expect(await peak(8, "random")).toBeLessThan(0.75 * (await peak(16, "random")));
  });
});

describe("numbers that are not finite", () => {
  it("in the pool are dropped and counted", async () => {
    const model = tinyModel(1, false);
    addLora(model, { rank: 2, alpha: 8, targets: ["q_proj", "v_proj"], seed: 1 });
    // whoever reads token 20 gets NaN
    const rows = await model.parameters().get("model.embed_tokens.weight")?.data();
    const embedding = model.weights.embedding.value;
    embedding.assign(tf.tensor(rows?.fill(Number.NaN, 20 * 16, 21 * 16) ?? [], embedding.shape));
    // not as the last token, which no loss looks at
    const trainDataset = examples.filter(({ inputIds }) => inputIds.at(-1) !== 20);
    const broken = trainDataset.map(({ inputIds }) => inputIds.includes(20));
    const ways: SelectionSettings[] = [
      {},
      { features: "last-value" },
      { mode: "default", features: "last-block" },
      { mode: "default", features: "remembered", every: 1 },
    ];
    for (const selection of ways) {
      for (const event of await steps({ ...tinyRun, model, trainDataset, selection })) {
        const { indices, diagnostics } = event.selection;
        expect(Number.isFinite(event.loss)).toBe(true);
        expect(diagnostics.dropped).toBeGreaterThan(0);
        expect(diagnostics.pool - diagnostics.dropped).toBeGreaterThanOrEqual(8);
        for (const index of indices) expect(broken[index]).toBe(false);
      }
    }
    model.dispose();
  });

  it("in the training loss end the run with the step, the last checkpoint whole", async () => {
    const model = tinyLora();
    const outputDir = mkdtempSync(join(tmpdir(), "colm-nan-"));
    const run = train({ ...tinyRun, model, method: "random", outputDir, saveSteps: 1 });
    const failure = (async () => {
      for await (const event of run) {
        if (event.type !== "checkpoint" || event.step !== 3) continue;
        for (const { value } of model.allParameters()) value.assign(tf.fill(value.shape, Number.NaN));
      }
    })();
    await expect(failure).rejects.toThrow('train: "loss" must be finite, got NaN at step 4');
    await expect(run.result).rejects.toThrow("at step 4");
    const names = ["checkpoint-1", "checkpoint-2", "checkpoint-3", "events.jsonl"];
    expect(readdirSync(outputDir).sort()).toEqual(names);
    model.dispose();
  });
});

describe("bad settings", () => {
  it("are refused at once, by name", () => {
    const model = tinyLora();
    const refused = (options: Partial<TrainOptions>, message: string): void => {
      expect(() => train({ ...tinyRun, model, ...options })).toThrow(new RangeError(message));
    };
    refused({ budget: 17 }, 'train: "budget" must be at most the pool of 16, got 17');
    refused({ budget: 0 }, 'train: "budget" must be an integer of at least 1, got 0');
    refused({ pool: 41 }, 'train: "pool" must be at most the 40 training examples, got 41');
    refused({ trainDataset: [] }, 'train: "trainDataset" must have at least 1 example, got 0');
    refused({ maxSteps: 0 }, 'train: "maxSteps" must be an integer of at least 1, got 0');
    refused({ learningRate: 0 }, 'train: "learningRate" must be a finite number above 0, got 0');
    refused({ warmupRatio: 2 }, 'train: "warmupRatio" must be a number in [0, 1], got 2');
    model.dispose();
  });

  it("of the sources are refused before the first step", async () => {
    const model = tinyLora();
    await expect(events({ ...tinyRun, model, smallSources: ["nowhere"] })).rejects.toThrow(
      new RangeError('train: "smallSources" must name sources of the data (a, b, rare), got "nowhere"'),
    );
    model.dispose();
  });
});
