import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CausalLM, chooseBackend } from "@colm/lm-tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { type StepEvent, type TrainEvent, type TrainOptions, train } from "../src/index.ts";
import { allValues, tinyLora, tinyModel } from "./tiny.ts";
import { events, steps, tinyRun } from "./tiny-run.ts";

beforeAll(async () => {
  await chooseBackend("wasm");
});

describe("stopping and going on", () => {
  const fresh = (): string => mkdtempSync(join(tmpdir(), "colm-train-"));

  async function stopAfter(model: CausalLM, step: number, options: TrainOptions): Promise<TrainEvent[]> {
    const controller = new AbortController();
    const seen: TrainEvent[] = [];
    for await (const event of train({ ...options, model, signal: controller.signal })) {
      seen.push(event);
      if (event.type === "step" && event.step === step) controller.abort();
    }
    return seen;
  }

  it("resumes bit for bit, adapter or all weights, from where it was stopped", async () => {
    for (const make of [tinyLora, tinyModel]) {
      const method = make === tinyLora ? ("colm" as const) : ("keep-random" as const);
      const options = { ...tinyRun, method, maxSteps: 6 };
      const straight = make();
      const undisturbed = await steps({ ...options, model: straight });
      const outputDir = fresh();
      const stopped = make();
      const seen = await stopAfter(stopped, 3, { ...options, model: stopped, outputDir });
      expect(seen.slice(-2)).toEqual([
        { type: "checkpoint", step: 3, folder: join(outputDir, "checkpoint-3") },
        { type: "end", step: 3, reason: "stopped" },
      ]);
      const resumed = make(99);
      if (make === tinyModel) {
        // every weight comes from the checkpoint
        expect(await allValues(resumed)).not.toEqual(await allValues(stopped));
      }
      const model = make === tinyLora ? make() : resumed;
      const rest = await steps({ ...options, model, resumeFromCheckpoint: join(outputDir, "checkpoint-3") });
      // bytes count the other models that live beside
      const plain = (seen: StepEvent[]): object[] =>
        seen.map((event) => ({ ...event, peakBytes: 0, stageBytes: 0 }));
      expect(plain(rest)).toEqual(plain(undisturbed.slice(3)));
      expect(await allValues(model)).toEqual(await allValues(straight));
      for (const used of [straight, stopped, resumed]) used.dispose();
      if (model !== resumed) model.dispose();
    }
  });

  it("writes checkpoints on the way, each complete", async () => {
    const model = tinyLora();
    const outputDir = fresh();
    await events({ ...tinyRun, model, outputDir, saveSteps: 2 });
    expect(readdirSync(outputDir).sort()).toEqual(["checkpoint-2", "checkpoint-4", "events.jsonl"]);
    expect(readdirSync(join(outputDir, "checkpoint-4")).sort()).toEqual([
      "adapter_config.json",
      "adapter_model.safetensors",
      "optimizer.safetensors",
      "selector.json",
      "trainer_state.json",
    ]);
    model.dispose();
  });

  it("stops before the first step when the signal is aborted already", async () => {
    const model = tinyLora();
    expect(await train({ ...tinyRun, model, signal: AbortSignal.abort() }).result).toEqual({
      step: 0,
      reason: "stopped",
    });
    model.dispose();
  });

  it("refuses a checkpoint of other settings or none at all", async () => {
    const model = tinyLora();
    const outputDir = fresh();
    await events({ ...tinyRun, model, outputDir });
    const path = join(outputDir, "checkpoint-4");
    await expect(events({ ...tinyRun, model, budget: 4, resumeFromCheckpoint: path })).rejects.toThrow(
      new RangeError(`train: "budget" must be 8 as in the checkpoint ${path}, got 4`),
    );
    await expect(events({ ...tinyRun, model, resumeFromCheckpoint: outputDir })).rejects.toThrow(
      `train: "resumeFromCheckpoint" must be a checkpoint folder, got none of trainer_state.json in ${outputDir}`,
    );
    model.dispose();
  });

  it("ends quietly when its consumer leaves", async () => {
    const model = tinyLora();
    const run = train({ ...tinyRun, model });
    const hook = tf.engine().trackTensor;
    for await (const event of run) if (event.step === 2) break;
    expect(await run.result).toEqual({ step: 2, reason: "abandoned" });
    expect(tf.engine().trackTensor).toBe(hook);
    expect(() => run[Symbol.asyncIterator]()).toThrow("train: a run can be iterated once");
    model.dispose();
  });
});
