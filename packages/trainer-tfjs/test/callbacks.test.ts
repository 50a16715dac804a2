import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseBackend } from "@colm/lm-tfjs";
import { CustomCallback } from "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, it } from "vitest";
import { fromCustomCallback, jsonLines, type TrainEvent, type TrainerCallback, train } from "../src/index.ts";
import { tinyLora } from "./tiny.ts";
import { events, tinyRun } from "./tiny-run.ts";

beforeAll(async () => {
  await chooseBackend("wasm");
});

const fresh = (): string => mkdtempSync(join(tmpdir(), "colm-callbacks-"));

describe("callbacks", () => {
  it("are called in Hugging Face's order", async () => {
    const calls: string[] = [];
    const record = (name: string) => (state: { globalStep: number }) => {
      calls.push(`${name} ${state.globalStep}`);
      return undefined;
    };
    const names = [
      "onInitEnd",
      "onTrainBegin",
      "onEpochBegin",
      "onStepBegin",
      "onSelect",
      "onPreOptimizerStep",
      "onOptimizerStep",
      "onStepEnd",
      "onLog",
      "onEvaluate",
      "onSave",
      "onEpochEnd",
      "onTrainEnd",
    ] as const;
    const callback: TrainerCallback = Object.fromEntries(names.map((name) => [name, record(name)]));
    const model = tinyLora();
    // pools of 20 among 40: an epoch is two updates
    await events({
      ...tinyRun,
      model,
      pool: 20,
      maxSteps: 3,
      evalDataset: tinyRun.trainDataset.slice(0, 4),
      evalSteps: 2,
      saveSteps: 2,
      loggingSteps: 2,
      outputDir: fresh(),
      callbacks: [callback],
    });
    const step = (s: number): string[] => [
      `onStepBegin ${s}`,
      `onSelect ${s}`,
      `onPreOptimizerStep ${s}`,
      `onOptimizerStep ${s + 1}`,
    ];
    const evaluation = (s: number): string[] => [`onLog ${s}`, `onEvaluate ${s}`];
    expect(calls).toEqual([
      ...["onInitEnd 0", "onTrainBegin 0", "onEpochBegin 0"],
      ...[...step(0), "onStepEnd 1"],
      ...[
        ...step(1),
        "onLog 2",
        "onStepEnd 2",
        ...evaluation(2),
        "onSave 2",
        "onEpochEnd 2",
        "onEpochBegin 2",
      ],
      ...[...step(2), "onStepEnd 3", ...evaluation(3), "onEpochEnd 3", "onSave 3", "onTrainEnd 3"],
    ]);
    model.dispose();
  });

  it("are told of the micro-batches between", async () => {
    const model = tinyLora();
    const calls: number[] = [];
    const onSubstepEnd = ({ globalStep }: { globalStep: number }) => void calls.push(globalStep);
    for (const reuse of [false, true]) {
      calls.length = 0;
      const options = { ...tinyRun, model, perDeviceTrainBatchSize: 3, maxSteps: 2, selection: { reuse } };
      await events({ ...options, callbacks: [{ onSubstepEnd }] });
      // eight examples in threes are three micro-batches; those of reuse depend on the choice
      if (reuse) expect(calls.length).toBeGreaterThanOrEqual(4);
      else expect(calls).toEqual([0, 0, 1, 1]);
    }
    model.dispose();
  });

  it("may ask for an evaluation, a checkpoint, and the end", async () => {
    const model = tinyLora();
    const seen = await events({
      ...tinyRun,
      model,
      maxSteps: 9,
      evalDataset: tinyRun.trainDataset.slice(0, 4),
      outputDir: fresh(),
      callbacks: [
        { onStepEnd: ({ globalStep }) => (globalStep === 1 ? { shouldEvaluate: true } : undefined) },
        { onEvaluate: async () => ({ shouldSave: true }) },
        { onSave: () => ({ shouldTrainingStop: true }) },
      ],
    });
    expect(seen.map(({ type, step }) => `${type} ${step}`)).toEqual([
      "step 1",
      "evaluate 1",
      "checkpoint 1",
      "end 1",
    ]);
    expect(seen.at(-1)).toMatchObject({ reason: "stopped" });
    model.dispose();
  });

  it("that throw end the run with what they throw", async () => {
    const model = tinyLora();
    const callbacks = [{ onSelect: () => Promise.reject(new Error("no")) }];
    await expect(events({ ...tinyRun, model, callbacks })).rejects.toThrow("no");
    model.dispose();
  });

  it("of TensorFlow.js are told of updates as batches", async () => {
    const calls: unknown[] = [];
    const custom = new CustomCallback({
      onTrainBegin: async () => void calls.push("begin"),
      onEpochBegin: async (epoch) => void calls.push(["epoch", epoch]),
      onBatchEnd: async (batch, logs) => void calls.push([batch, logs?.loss]),
      onEpochEnd: async (epoch, logs) => void calls.push(["epoch end", epoch, logs?.loss]),
      onTrainEnd: async () => void calls.push("end"),
    });
    const model = tinyLora();
    const seen = await events({
      ...tinyRun,
      model,
      pool: 20,
      maxSteps: 3,
      callbacks: [fromCustomCallback(custom)],
    });
    const [a, b, c] = seen.flatMap((event) => (event.type === "step" ? event.loss : []));
    expect(calls).toEqual([
      ...["begin", ["epoch", 0], [0, a], [1, b], ["epoch end", 0, b]],
      ...[["epoch", 1], [2, c], ["epoch end", 1, c], "end"],
    ]);
    model.dispose();
  });
});

describe("sinks", () => {
  it("are given every event before the reader", async () => {
    const seen: TrainEvent[] = [];
    let closed = 0;
    const model = tinyLora();
    const sinks = [(event: TrainEvent) => seen.push(event), { write: () => {}, close: () => closed++ }];
    for await (const event of train({ ...tinyRun, model, sinks })) {
      expect(seen.at(-1)).toBe(event);
      expect(closed).toBe(0);
    }
    expect(closed).toBe(1);
    model.dispose();
  });

  it("are closed when the reader leaves, and when the run fails", async () => {
    let closed = 0;
    const model = tinyLora();
    const sinks = [{ write: () => {}, close: () => closed++ }];
    for await (const _ of train({ ...tinyRun, model, sinks })) break;
    expect(closed).toBe(1);
    const callbacks = [{ onSelect: () => Promise.reject(new Error("no")) }];
    await expect(events({ ...tinyRun, model, sinks, callbacks })).rejects.toThrow("no");
    expect(closed).toBe(2);
    model.dispose();
  });

  it("of the folder is a line of JSON for each event", async () => {
    const outputDir = fresh();
    const model = tinyLora();
    const seen = await events({ ...tinyRun, model, outputDir });
    const lines = readFileSync(join(outputDir, "events.jsonl"), "utf8").trimEnd().split("\n");
    const parsed = lines.map((line) => JSON.parse(line));
    expect(parsed.map(({ type, step }) => `${type} ${step}`)).toEqual(
      seen.map(({ type, step }) => `${type} ${step}`),
    );
    const [first] = seen;
    if (first.type === "step") expect(parsed[0].selection.indices).toEqual([...first.selection.indices]);
    expect(parsed[0].loss).toBe(first.type === "step" ? first.loss : undefined);
    model.dispose();
  });

  it("of lines goes on behind the updates that stay, and drops half a line", async () => {
    const path = join(fresh(), "events.jsonl");
    writeFileSync(path, '{"step":1}\n{"step":2}\n{"step":3}\n{"st');
    const sink = jsonLines(path, { keepUntil: 2 });
    await sink.write({ type: "end", step: 2, reason: "finished" });
    await sink.close?.();
    expect(readFileSync(path, "utf8")).toBe(
      '{"step":1}\n{"step":2}\n{"type":"end","step":2,"reason":"finished"}\n',
    );
  });
});
