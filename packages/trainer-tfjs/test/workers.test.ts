import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { addLora, type CausalLM, chooseBackend } from "@colm/lm-tfjs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { lastCheckpoint } from "../src/checkpoint.ts";
import { memoryBreakdown, type TrainEvent, type TrainOptions, train, withMeasured } from "../src/index.ts";
import { allValues, tinyExamples, tinyLora, tinyModel } from "./tiny.ts";
import { events, steps, tinyRun } from "./tiny-run.ts";

/** Threads begun since the test began, and how many of them live. */
let threads: Worker[] = [];
let living = 0;
const seeThread = (worker: Worker): void => {
  threads.push(worker);
  living++;
  worker.once("exit", () => living--);
};

beforeAll(async () => {
  await chooseBackend("wasm");
  process.on("worker", seeThread);
});
afterAll(() => void process.off("worker", seeThread));
beforeEach(() => {
  threads = [];
});

/** Four micro-batches of training, eight of selection, nine of evaluation: more than two workers hold at once. */
const run = {
  ...tinyRun,
  maxSteps: 3,
  perDeviceTrainBatchSize: 2,
  perDeviceEvalBatchSize: 2,
  evalDataset: tinyExamples(18, 5),
} as const;

const fresh = (): string => mkdtempSync(join(tmpdir(), "colm-workers-"));

function tinyDropout(): CausalLM {
  const model = tinyModel();
  addLora(model, { rank: 2, alpha: 8, targets: ["q_proj", "v_proj"], dropout: 0.25, seed: 1 });
  return model;
}

/** What an event says of the run; the bytes of this thread are others with workers. */
function said(event: TrainEvent): unknown {
  if (event.type !== "step") return event;
  const { peakBytes: _, stageBytes: __, ...rest } = event;
  return rest;
}

async function outcome(options: Partial<TrainOptions>, make: () => CausalLM) {
  const model = make();
  const seen = (await events({ ...run, model, ...options })).map(said);
  const values = await allValues(model);
  model.dispose();
  return { seen, values };
}

describe("a run on workers has the bits of the run without", () => {
  const ways: [string, Partial<TrainOptions>, () => CausalLM][] = [
    ["random", { method: "random" }, tinyLora],
    ["colm in official mode", {}, tinyLora],
    ["several directions, new ones each step", { selection: { directions: 3, fresh: true } }, tinyLora],
    [
      "default mode with sketches of last-block gradients",
      { selection: { mode: "default", features: "last-block", sketch: 16 } },
      tinyLora,
    ],
    [
      "default mode with whole last-block gradients",
      { selection: { mode: "default", features: "last-block", sketch: false } },
      tinyLora,
    ],
    ["last-value gradients", { selection: { features: "last-value", microBatchSize: 3 } }, tinyLora],
    ["losses", { method: "big-loss" }, tinyLora],
    ["dropout", {}, tinyDropout],
    ["every weight", { train: "full", gradientCheckpointing: true }, tinyModel],
    [
      "means over tokens, weighted examples",
      { lossNormalization: "tokens", selection: { weighting: "cluster" } },
      tinyLora,
    ],
  ];
  for (const [name, options, make] of ways) {
    it(name, async () => {
      const expected = await outcome(options, make);
      expect(threads.length).toBe(0);
      expect(expected.seen.length).toBe(run.maxSteps + 2);
      expect(await outcome({ ...options, workers: 1 }, make)).toEqual(expected);
      expect(await outcome({ ...options, workers: 2 }, make)).toEqual(expected);
      expect(threads.length).toBe(3);
    });
  }

  it("goes on from a checkpoint with another number of them", async () => {
    const [whole, parts] = [fresh(), fresh()];
    const expected = await outcome({ outputDir: whole }, tinyLora);
    await outcome({ outputDir: parts, saveSteps: 1, workers: 2 }, tinyLora);
    const resumeFromCheckpoint = join(parts, "checkpoint-2");
    const resumed = await outcome({ outputDir: fresh(), resumeFromCheckpoint, workers: 1 }, tinyLora);
    expect(resumed.values).toEqual(expected.values);
    expect(resumed.seen[0]).toEqual(expected.seen[2]);
  });
});

describe("callbacks", () => {
  it("are told of micro-batches as often as without workers", async () => {
    const count = async (workers: number): Promise<number> => {
      const model = tinyLora();
      let told = 0;
      const onSubstepEnd = async (): Promise<undefined> => {
        await Promise.resolve();
        told++;
      };
      await events({ ...run, model, workers, callbacks: [{ onSubstepEnd }] });
      model.dispose();
      return told;
    };
    expect([await count(0), await count(2)]).toEqual([9, 9]);
  });

  it("that fail between micro-batches end the run with their error", async () => {
    const model = tinyLora();
    const onSubstepEnd = (): never => {
      throw new Error("no more");
    };
    await expect(events({ ...run, model, workers: 2, callbacks: [{ onSubstepEnd }] })).rejects.toThrow(
      "no more",
    );
    expect(living).toBe(0);
    model.dispose();
  });
});

describe("no thread is left", () => {
  it("when the run is over, though they lived between its events", async () => {
    const model = tinyLora();
    const seen: number[] = [];
    for await (const { type } of train({ ...run, model, workers: 2 })) if (type === "step") seen.push(living);
    expect(seen).toEqual([2, 2, 2]);
    expect(living).toBe(0);
    model.dispose();
  });

  it("when its consumer leaves", async () => {
    const model = tinyLora();
    for await (const _ of train({ ...run, model, workers: 2 })) break;
    expect([threads.length, living]).toEqual([2, 0]);
    model.dispose();
  });

  it("when it is stopped by its signal, and what is done is saved", async () => {
    const model = tinyLora();
    const outputDir = fresh();
    const controller = new AbortController();
    const onSubstepEnd = (): undefined => void controller.abort();
    const stopped = train({
      ...run,
      model,
      outputDir,
      workers: 2,
      signal: controller.signal,
      callbacks: [{ onSubstepEnd }],
    });
    expect(await stopped.result).toEqual({ step: 0, reason: "stopped" });
    expect((await lastCheckpoint(outputDir))?.step).toBe(0);
    expect([threads.length, living]).toEqual([2, 0]);
    model.dispose();
  });

  it("when its files cannot be written", async () => {
    const model = tinyLora();
    const outputDir = "/dev/null/run";
    await expect(events({ ...run, model, outputDir, workers: 1 })).rejects.toThrow(/must be writable/);
    expect([threads.length, living]).toEqual([1, 0]);
    model.dispose();
  });
});

it("a worker that is killed during a pass is one clear message, and the model is that of the update before", async () => {
  const model = tinyLora();
  const before = await allValues(model);
  let kills = 0;
  const onSubstepEnd = (): undefined => {
    if (kills++ === 0) void threads[0].terminate();
  };
  const pieces = { perDeviceTrainBatchSize: 1, pool: 40, budget: 32 };
  await expect(
    events({ ...run, ...pieces, model, workers: 2, callbacks: [{ onSubstepEnd }] }),
  ).rejects.toMatchObject({
    name: "WorkerError",
    message: "train: worker 1 of 2 ended with exit code 1 after step 0; there is no checkpoint to go on from",
  });
  expect(kills).toBeGreaterThan(0);
  expect(await allValues(model)).toEqual(before);
  expect(living).toBe(0);
  model.dispose();
});

it("a worker that is killed between updates is one clear message, and the last checkpoint goes on to the same end", async () => {
  const outputDir = fresh();
  const expected = await outcome({ outputDir: fresh() }, tinyLora);
  const model = tinyLora();
  const killed = train({ ...run, model, outputDir, saveSteps: 1, workers: 2 });
  const failure = (async () => {
    for await (const event of killed) {
      if (event.type === "checkpoint" && event.step === 2) await threads[1].terminate();
    }
  })();
  await expect(failure).rejects.toThrow(
    `train: worker 2 of 2 ended with exit code 1 after step 2; ${join(outputDir, "checkpoint-2")} is whole`,
  );
  expect(living).toBe(0);
  expect((await lastCheckpoint(outputDir))?.step).toBe(2);
  // killed again before there is a new one: that which it came from is named
  const again = train({ ...run, model, outputDir, resumeFromCheckpoint: true, workers: 2 });
  await expect(
    (async () => {
      for await (const event of again) if (event.type === "step") await threads[2].terminate();
    })(),
  ).rejects.toThrow(`after step 3; ${join(outputDir, "checkpoint-2")} is whole`);
  const resumed = await outcome({ outputDir, resumeFromCheckpoint: true, workers: 2 }, tinyLora);
  expect(resumed.values).toEqual(expected.values);
  model.dispose();
});

describe("train refuses", () => {
  const cases: [string, Partial<TrainOptions>, string][] = [
    ["no number of workers", { workers: -1 }, '"workers" must be an integer of at least 0, got -1'],
    [
      "workers beside reuse",
      { workers: 2, selection: { reuse: true } },
      '"workers" must be 0 with "selection.reuse", which goes on from a pass in the main thread, got 2',
    ],
    [
      "workers beside remembered features",
      { workers: 2, selection: { mode: "default", features: "remembered" } },
      '"workers" must be 0 with remembered features, which are taken from a pass in the main thread, got 2',
    ],
  ];
  for (const [name, options, message] of cases) {
    it(name, () => {
      const model = tinyLora();
      expect(() => train({ ...run, model, ...options })).toThrow(new RangeError(`train: ${message}`));
      model.dispose();
    });
  }

  it("not reuse by a method that has nothing to reuse", async () => {
    const model = tinyLora();
    const options = { method: "random", selection: { reuse: true }, workers: 1 } as const;
    expect((await steps({ ...run, model, maxSteps: 1, ...options })).length).toBe(1);
    model.dispose();
  });
});

describe("memoryBreakdown", () => {
  it("counts what each worker holds", () => {
    const model = tinyLora();
    const options = { ...run, model };
    const alone = memoryBreakdown(options);
    const of = ({ rows }: typeof alone, name: string): number =>
      rows.find(({ component }) => component === name)?.bytes ?? 0;
    const gradients = of(alone, "gradients");
    expect(of(alone, "workers")).toBe(0);
    for (const workers of [1, 3]) {
      const many = memoryBreakdown({ ...options, workers });
      // the peak is model and pass
      expect(of(many, "workers")).toBe(workers * (of(alone, "peak") + 2 * gradients + 40e6));
      expect(of(many, "peak")).toBe(of(alone, "steady"));
      expect(many.totalBytes - alone.totalBytes).toBe(
        of(many, "workers") - of(alone, "peak") + of(alone, "steady"),
      );
    }
    model.dispose();
  });

  it("predicts the tensors of the main thread: it holds no pass", async () => {
    const model = tinyLora();
    const onWorkers = train({ ...run, model, workers: 1 });
    const seen: TrainEvent[] = [];
    for await (const event of onWorkers) seen.push(event);
    const measured = withMeasured(
      onWorkers.memory,
      seen.filter((event) => event.type === "step"),
    );
    // a parameter is there twice while it is assigned: factors of 2 x 16 numbers
    const twice = 4 * 2 * 16;
    for (const { component, bytes, measured: found } of measured.rows) {
      if (found === undefined || component === "pairs") continue;
      expect(found, component).toBe(component === "peak" ? bytes + twice : bytes);
    }
    model.dispose();
  });
});
