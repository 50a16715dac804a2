import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseBackend } from "@colm/lm-tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { lastCheckpoint } from "../src/checkpoint.ts";
import { type StepEvent, type TrainOptions, train } from "../src/index.ts";
import { allValues, tinyLora, tinyModel } from "./tiny.ts";
import { events, steps, tinyRun } from "./tiny-run.ts";

beforeAll(async () => {
  await chooseBackend("wasm");
});

const fresh = (): string => mkdtempSync(join(tmpdir(), "colm-checkpoints-"));
const names = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name !== "events.jsonl")
    .sort();
/** Bytes count the other models that live beside. */
const plain = (seen: StepEvent[]): object[] =>
  seen.map((event) => ({ ...event, peakBytes: 0, stageBytes: 0, time: { ...event.time, ideal: null } }));

describe("resuming", () => {
  const ways: [string, Partial<TrainOptions>, () => ReturnType<typeof tinyLora>][] = [
    ["adam", { optim: "adam", weightDecay: 0.1 }, tinyLora],
    ["sgd without a memory", { optim: "sgd", method: "random" }, tinyModel],
    ["sgd with momentum", { optim: "sgd", momentum: 0.5, method: "random" }, tinyLora],
    ["lion", { optim: "lion", lrSchedulerType: "1 / (1 + epoch)", method: "random" }, tinyLora],
    ["remembered features", { selection: { mode: "default", features: "remembered", every: 3 } }, tinyLora],
    [
      "fresh directions every second step",
      { selection: { directions: 2, fresh: true, every: 2, keep: 8 } },
      tinyLora,
    ],
    [
      "Adam space and reuse",
      { selection: { mode: "default", features: "last-value", adam: {}, reuse: true } },
      tinyLora,
    ],
    [
      "every weight, selected by its own gradients",
      { train: "full", lossNormalization: "tokens" },
      tinyModel,
    ],
    ["clustered sources", { clusterSources: { clusters: 3, refreshSteps: 2 } }, tinyLora],
    ["clustered sources, once", { clusterSources: { clusters: "auto", layer: 1 } }, tinyLora],
  ];
  for (const [name, settings, make] of ways) {
    it(`goes on bit for bit with ${name}`, async () => {
      const straight = make();
      const options = { ...tinyRun, maxSteps: 7, ...settings };
      const undisturbed = await steps({ ...options, model: straight });
      for (const at of [3, 4]) {
        const outputDir = fresh();
        const stopped = make();
        const controller = new AbortController();
        const run = train({ ...options, model: stopped, outputDir, signal: controller.signal });
        for await (const event of run) if (event.step === at && event.type === "step") controller.abort();
        const model = make();
        const rest = await steps({ ...options, model, outputDir, resumeFromCheckpoint: true });
        expect(plain(rest)).toEqual(plain(undisturbed.slice(at)));
        expect(await allValues(model)).toEqual(await allValues(straight));
        stopped.dispose();
        model.dispose();
      }
      straight.dispose();
    });
  }

  it("keeps what was the best and how long ago that was", async () => {
    const settings = {
      ...tinyRun,
      evalDataset: tinyRun.trainDataset,
      evalSteps: 1,
      earlyStoppingPatience: 3,
      loadBestModelAtEnd: true,
      maxSteps: 30,
      learningRate: 0.5,
      lrSchedulerType: "(step / steps) ^ 2",
      saveTotalLimit: 1,
    };
    const straight = tinyLora();
    const expected = await train({ ...settings, model: straight, outputDir: fresh() }).result;
    expect(expected.reason).toBe("early-stopped");
    const outputDir = fresh();
    const stopped = tinyLora();
    const controller = new AbortController();
    const run = train({ ...settings, model: stopped, outputDir, signal: controller.signal });
    // after the best, before the end
    const at = (expected.best?.step ?? 0) + 1;
    for await (const event of run) if (event.step === at && event.type === "evaluate") controller.abort();
    expect(names(outputDir)).toEqual([`checkpoint-${expected.best?.step}`, `checkpoint-${at}`].sort());
    const model = tinyLora();
    const result = await train({ ...settings, model, outputDir, resumeFromCheckpoint: true }).result;
    expect(result).toEqual(expected);
    expect(await allValues(model)).toEqual(await allValues(straight));
    for (const used of [straight, stopped, model]) used.dispose();
  });

  it("writes the events of one run, without those that a killed one had made in vain", async () => {
    const outputDir = fresh();
    const first = tinyLora();
    for await (const event of train({ ...tinyRun, model: first, outputDir, saveSteps: 2 }))
      if (event.step === 3) break;
    const second = tinyLora();
    await events({
      ...tinyRun,
      model: second,
      outputDir,
      resumeFromCheckpoint: join(outputDir, "checkpoint-2"),
    });
    const lines = readFileSync(join(outputDir, "events.jsonl"), "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line)).map(({ type, step }) => `${type} ${step}`)).toEqual([
      ...["step 1", "step 2", "checkpoint 2", "step 3", "step 4", "checkpoint 4", "end 4"],
    ]);
    first.dispose();
    second.dispose();
  });

  it("goes on from a checkpoint as the first ones were, without hashes, log and newer settings", async () => {
    const outputDir = fresh();
    const straight = tinyLora();
    await events({ ...tinyRun, model: straight, outputDir, saveSteps: 2 });
    const path = join(outputDir, "checkpoint-2");
    const { seed, pool, budget, method, maxSteps, examples } = JSON.parse(
      readFileSync(join(path, "trainer_state.json"), "utf8"),
    ).colm;
    const old = { global_step: 2, max_steps: 4, colm: { seed, pool, budget, method, maxSteps, examples } };
    writeFileSync(join(path, "trainer_state.json"), JSON.stringify(old));
    const model = tinyLora();
    await events({ ...tinyRun, model, resumeFromCheckpoint: path });
    expect(await allValues(model)).toEqual(await allValues(straight));
    await expect(events({ ...tinyRun, model, optim: "lion", resumeFromCheckpoint: path })).rejects.toThrow(
      `train: "optim" must be "adamw" as in the checkpoint ${path}, got "lion"`,
    );
    straight.dispose();
    model.dispose();
  });

  it("refuses another optimizer, another selection, and a folder without a checkpoint", async () => {
    const outputDir = fresh();
    const model = tinyLora();
    const refused = async (options: Partial<TrainOptions>, message: string | RegExp): Promise<void> => {
      await expect(
        events({ ...tinyRun, model, outputDir, resumeFromCheckpoint: true, ...options }),
      ).rejects.toThrow(message);
    };
    await refused(
      {},
      'train: "resumeFromCheckpoint" must be left out where "outputDir" holds no checkpoint, got true',
    );
    await events({ ...tinyRun, model, outputDir });
    await refused({ optim: "lion" }, /train: "optim" must be "adamw" as in the checkpoint .*, got "lion"/);
    await refused({ selection: { directions: 2 } }, /train: "selection" must be .* as in the checkpoint/);
    await refused({ clusterSources: { clusters: 2 } }, /train: "selection" must be/);
    expect(() => train({ ...tinyRun, model, resumeFromCheckpoint: true })).toThrow(
      'train: "resumeFromCheckpoint" must be a folder where "outputDir" is not given, got true',
    );
    model.dispose();
  });
});

describe("saveTotalLimit", () => {
  it("keeps the newest", async () => {
    const outputDir = fresh();
    const model = tinyLora();
    await events({ ...tinyRun, model, outputDir, maxSteps: 12, saveSteps: 1, saveTotalLimit: 2 });
    expect(names(outputDir)).toEqual(["checkpoint-11", "checkpoint-12"]);
    model.dispose();
  });
});

describe("trainer_state.json", () => {
  it("has Hugging Face's keys", async () => {
    const outputDir = fresh();
    const model = tinyLora();
    const { trainDataset: evalDataset } = tinyRun;
    const seen = await events({ ...tinyRun, model, outputDir, evalDataset, evalSteps: 2, loggingSteps: 2 });
    const state = JSON.parse(readFileSync(join(outputDir, "checkpoint-4", "trainer_state.json"), "utf8"));
    expect(state).toMatchObject({
      epoch: 1.6,
      eval_steps: 2,
      global_step: 4,
      is_hyper_param_search: false,
      is_local_process_zero: true,
      is_world_process_zero: true,
      logging_steps: 2,
      max_steps: 4,
      num_train_epochs: 2,
      save_steps: 500,
      train_batch_size: 16,
    });
    const [second, fourth] = [2, 4].map((step) =>
      seen.find((event) => event.type === "step" && event.step === step),
    );
    if (second?.type !== "step" || fourth?.type !== "step") throw new Error("no steps");
    expect(state.log_history.map(({ step }: { step: number }) => step)).toEqual([2, 2, 4, 4]);
    expect(state.log_history[0]).toEqual({
      epoch: 0.8,
      grad_norm: second.gradientNorm,
      learning_rate: second.learningRate,
      loss: second.loss,
      step: 2,
    });
    const losses = seen.flatMap((event) => (event.type === "evaluate" ? event.evaluation.micro : []));
    expect(state.log_history[3].eval_loss).toBe(losses[1]);
    expect(state.best_metric).toBe(Math.min(...losses));
    expect(state.best_model_checkpoint).toBe(`${outputDir}/checkpoint-${state.best_global_step}`);
    model.dispose();
  });
});

describe("lastCheckpoint", () => {
  it("is the newest one by number, and none where there is none", async () => {
    expect(await lastCheckpoint(join(fresh(), "nowhere"))).toBeUndefined();
    const folder = fresh();
    for (const name of ["checkpoint-9", "checkpoint-10", "checkpoint-x", ".checkpoint-11.partial"]) {
      mkdirSync(join(folder, name));
    }
    expect(await lastCheckpoint(folder)).toEqual({ path: join(folder, "checkpoint-10"), step: 10 });
    expect(existsSync(join(folder, ".checkpoint-11.partial"))).toBe(false);
  });

  it("brings back one that was being replaced", async () => {
    const outputDir = fresh();
    const model = tinyLora();
    await events({ ...tinyRun, model, outputDir });
    // killed between the two renames of a replacement
    renameSync(join(outputDir, "checkpoint-4"), join(outputDir, ".checkpoint-4.replaced"));
    mkdirSync(join(outputDir, ".checkpoint-4.partial"));
    writeFileSync(join(outputDir, ".other.partial"), "");
    expect(await lastCheckpoint(outputDir)).toEqual({ path: join(outputDir, "checkpoint-4"), step: 4 });
    expect(readdirSync(outputDir).sort()).toEqual([".other.partial", "checkpoint-4", "events.jsonl"]);
    model.dispose();
  });
});
