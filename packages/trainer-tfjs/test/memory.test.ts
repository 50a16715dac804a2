import type { Example } from "@colm/data";
import { type CausalLM, chooseBackend, createModel, parseModelConfig } from "@colm/lm-tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type MemoryRow,
  memoryBreakdown,
  memoryTable,
  presetMemory,
  referenceBatchMemory,
  referenceColmMemory,
  referenceHistoryBytes,
  type StepEvent,
  stepCost,
  type TrainOptions,
  train,
  withMeasured,
} from "../src/index.ts";
import { tinyLora } from "./tiny.ts";
import { events, tinyRun } from "./tiny-run.ts";

beforeAll(async () => {
  await chooseBackend("wasm");
});

describe("presetMemory", () => {
  it("is 43.2 GB for 2.7 billion parameters in mixed precision, and 21.6 GB in pure bfloat16", () => {
    const all = { trained: 2.7e9, frozen: 0 };
    expect(presetMemory({ ...all, preset: "mixed-16B" })).toEqual({
      weights: 5.4e9,
      gradients: 5.4e9,
      optimizer: 32.4e9,
      total: 43.2e9,
    });
    expect(presetMemory({ ...all, preset: "bf16-pure" }).total).toBe(21.6e9);
    expect(presetMemory({ ...all, preset: "f32" }).total).toBe(43.2e9);
  });

  it("counts a frozen base and an adapter apart", () => {
    expect(presetMemory({ trained: 1e6, frozen: 1e9, preset: "lora" })).toEqual({
      weights: 2.002e9,
      gradients: 2e6,
      optimizer: 12e6,
      total: 2.016e9,
    });
  });

  it("refuses what it does not know", () => {
    expect(() => presetMemory({ trained: -1, frozen: 0, preset: "f32" })).toThrow(
      'presetMemory: "trained" must be a finite number of at least 0, got -1',
    );
    expect(() => Reflect.apply(presetMemory, undefined, [{ trained: 1, frozen: 0, preset: "fp4" }])).toThrow(
      'presetMemory: "preset" must be one of "mixed-16B", "bf16-pure", "f32", "lora", got "fp4"',
    );
  });
});

describe("the published figures", () => {
  /** Gigabytes; the published ones have one decimal. */
  const WITHIN = 0.06;

  it("of batches of 64 to 2,048 are 20.29 + 3.9065 batch / 32 to 0.06 GB", () => {
    for (const [batch, published] of [
      [64, 28.1],
      [128, 35.9],
      [256, 51.6],
      [512, 82.8],
      [1024, 145.3],
      [2048, 270.3],
    ]) {
      expect(Math.abs(referenceBatchMemory(batch) - published)).toBeLessThan(WITHIN);
    }
  });

  it("of CoLM on pools of 64 to 2,048 are those of half the batch and the selection", () => {
    for (const [pool, published] of [
      [64, 24.3],
      [128, 28.3],
      [256, 36.2],
      [512, 52.2],
      [1024, 84.4],
      [2048, 149.7],
    ]) {
      expect(Math.abs(referenceColmMemory(pool) - published)).toBeLessThan(WITHIN);
    }
    const selection = referenceColmMemory(128) - referenceBatchMemory(64);
    // "under 200 MB", of which 82.5 MB are history
    expect(selection).toBeLessThan(0.2);
    expect(selection).toBeGreaterThan(0.0825);
    expect(referenceHistoryBytes(128)).toBe(82.5 * 2 ** 20);
  });
});

describe("stepCost", () => {
  const full = (backwardRatio: number): number =>
    stepCost({ pool: 128, budget: 128, pass: false, backwardRatio });

  it("of reuse is 2/3 of a full checkpointed batch at B = F, 5/8 at B = 2F, towards 1/2 for dear backward passes", () => {
    const reuse = (backwardRatio: number): number =>
      stepCost({ pool: 128, budget: 64, reuse: true, backwardRatio }) / full(backwardRatio);
    expect(reuse(1)).toBeCloseTo(2 / 3, 12);
    expect(reuse(2)).toBeCloseTo(5 / 8, 12);
    expect(reuse(1e6)).toBeCloseTo(1 / 2, 5);
    expect(stepCost({ pool: 128, budget: 64, pass: false }) / full(1)).toBe(0.5);
  });

  it("of CoLM without reuse is the published ideal of 4.7 s in 6.3 s", () => {
    const ideal = stepCost({ pool: 128, budget: 64, backwardRatio: 2 }) / full(2);
    expect(ideal).toBe(0.75);
    expect(Math.abs(ideal - 4.7 / 6.3)).toBeLessThan(0.005);
  });
});

const SHAPES = {
  plain: [4, 64, 160, 4, 2, 512],
  deep: [8, 48, 128, 4, 1, 64],
  vocabulary: [2, 32, 88, 2, 2, 4096],
} as const;

function shaped([layers, hidden, inner, heads, keyValues, vocabulary]: readonly number[]): CausalLM {
  const config = parseModelConfig({
    model_type: "llama",
    vocab_size: vocabulary,
    hidden_size: hidden,
    intermediate_size: inner,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: keyValues,
    max_position_embeddings: 64,
    tie_word_embeddings: true,
  });
  return createModel(config, { seed: 1 });
}

/** Examples of one length, half of each labelled, so that the longest do come together. */
function evenExamples(count: number, tokens: number, vocabulary: number): Example[] {
  return Array.from({ length: count }, (_, b): Example => {
    const inputIds = Int32Array.from({ length: tokens }, (_, t) => (7 * b + 3 * t) % vocabulary);
    return {
      inputIds,
      labels: inputIds.map((id, t) => (t < tokens / 2 ? -100 : id)),
      source: "",
      truncated: 0,
    };
  });
}

describe("memoryBreakdown beside what was measured", () => {
  /** The promise: a tenth. */
  const TENTH = 0.1;
  const ways: [string, Partial<TrainOptions>][] = [
    ["LoRA", { loraRank: 4, method: "random" }],
    ["LoRA with checkpointing", { loraRank: 4, method: "random", gradientCheckpointing: true }],
    ["zeroth-order selection", { loraRank: 4 }],
    ["selection by the last V projection", { loraRank: 4, selection: { features: "last-value" } }],
    ["selection by the last block", { loraRank: 4, selection: { features: "last-block" } }],
    ["every weight", { train: "full", method: "random" }],
    ["every weight with checkpointing", { train: "full", method: "random", gradientCheckpointing: true }],
  ];
  const measured = async (shape: readonly number[], options: Partial<TrainOptions>): Promise<MemoryRow[]> => {
    const model = shaped(shape);
    const trainDataset = evenExamples(16, 32, shape[5]);
    const run = train({
      model,
      trainDataset,
      pool: 16,
      budget: 8,
      perDeviceTrainBatchSize: 8,
      maxSteps: 2,
      ...options,
    });
    const seen: StepEvent[] = [];
    for await (const event of run) if (event.type === "step") seen.push(event);
    model.dispose();
    return [...withMeasured(run.memory, seen).rows];
  };
  for (const [name, shape] of Object.entries(SHAPES)) {
    it(`is within a tenth for the ${name} model: ${ways.map(([way]) => way).join(", ")}`, async () => {
      for (const [way, options] of ways) {
        for (const { component, bytes, measured: found } of await measured(shape, options)) {
          if (found === undefined || (component === "selection" && bytes === 0)) continue;
          expect(Math.abs(bytes / found - 1), `${way}: ${component} ${bytes} ${found}`).toBeLessThan(TENTH);
        }
      }
    });
  }

  it("bounds reuse, whose micro-batches depend on the choice", async () => {
    const selection = { mode: "default", features: "last-block", reuse: true } as const;
    for (const shape of Object.values(SHAPES)) {
      const rows = await measured(shape, { loraRank: 4, selection });
      const peak = rows.find(({ component }) => component === "peak");
      const ratio = (peak?.bytes ?? 0) / (peak?.measured ?? 0);
      expect(ratio).toBeGreaterThan(1 - TENTH);
      expect(ratio).toBeLessThan(1.35);
    }
  });

  it("counts weights, adapter, gradients and optimizer exactly", () => {
    const model = tinyLora();
    const { rows } = memoryBreakdown({ ...tinyRun, model, optim: "sgd", momentum: 0.5 });
    const of = (name: string): number => rows.find(({ component }) => component === name)?.bytes ?? -1;
    const sizes = model
      .allParameters()
      .map(({ name, value }) => ({ isFactor: name.includes("lora_"), size: value.size }));
    const count = (isFactor: boolean): number =>
      sizes.reduce((sum, entry) => sum + (entry.isFactor === isFactor ? entry.size : 0), 0);
    expect(of("weights")).toBe(4 * count(false));
    expect(of("adapter")).toBe(4 * count(true));
    expect(of("gradients")).toBe(4 * count(true));
    // parameters and one moment, twice during an update
    expect(of("optimizer")).toBe(16 * count(true));
    model.dispose();
  });

  it("is the same whether the adapter is there or is to be added", () => {
    const [with_, without] = [shaped(SHAPES.plain), shaped(SHAPES.plain)];
    const trainDataset = evenExamples(16, 8, 512);
    const options = { trainDataset, pool: 16, budget: 8, loraRank: 4, method: "random" } as const;
    const before = memoryBreakdown({ ...options, model: without });
    const run = train({ ...options, model: with_ });
    return run.result.then(() => {
      const { loraRank: _, ...rest } = options;
      expect(memoryBreakdown({ ...rest, model: with_ })).toEqual(before);
      with_.dispose();
      without.dispose();
    });
  });
});

describe("maxMemory", () => {
  it("refuses a run that is predicted to need more, before it begins", async () => {
    const model = tinyLora();
    const { totalBytes } = memoryBreakdown({ ...tinyRun, model });
    await events({ ...tinyRun, model, maxMemory: totalBytes });
    await expect(events({ ...tinyRun, model, maxMemory: "1 kB" })).rejects.toThrow(
      `train: "maxMemory" must be at least the predicted ${totalBytes} bytes, got 1000`,
    );
    model.dispose();
  });
});

describe("memoryTable", () => {
  it("is Markdown or CSV", async () => {
    const model = tinyLora();
    const run = train({ ...tinyRun, model, maxSteps: 1 });
    const seen: StepEvent[] = [];
    for await (const event of run) if (event.type === "step") seen.push(event);
    const breakdown = withMeasured(run.memory, seen);
    const [head, ...lines] = memoryTable(breakdown, "csv").trimEnd().split("\n");
    expect(head).toBe("component,where,predicted,measured,predicted / measured");
    expect(lines.map((line) => line.split(",")[0])).toEqual(breakdown.rows.map(({ component }) => component));
    expect(memoryTable(breakdown, "markdown")).toContain("| peak | tensors | 0.");
    expect(memoryTable(breakdown, "markdown")).toContain("* float32 throughout");
    expect(() => withMeasured(breakdown, [])).toThrow('"steps" must hold at least 1 update, got 0');
    model.dispose();
  });
});

describe("the time of a step", () => {
  it("has measured and ideal side by side, for the same stages", async () => {
    const model = tinyLora();
    let clock = 0;
    const seen = await events({ ...tinyRun, model, evalDataset: tinyRun.trainDataset, now: () => clock++ });
    for (const event of seen) {
      if (event.type === "evaluate") expect(event.idealSeconds).toBeGreaterThan(0);
      if (event.type !== "step") continue;
      const { measured, ideal } = event.time;
      const stages = ["data", "selectionForward", "features", "selection", "training", "optimizer"];
      expect(Object.keys(measured).sort()).toEqual([...stages].sort());
      expect(Object.keys(ideal ?? {}).sort()).toEqual([...stages].sort());
      // a clock that moves on with each look: nothing took no time
      for (const seconds of Object.values(measured)) expect(seconds).toBeGreaterThan(0);
      // no padding, and the best rate so far: never slower than measured
      expect(ideal?.training).toBeLessThanOrEqual(measured.training);
      const { selection, training, optimizer } = event.seconds;
      expect(selection).toBeCloseTo(measured.selectionForward + measured.features + measured.selection, 12);
      expect([training, optimizer]).toEqual([measured.training, measured.optimizer]);
    }
    model.dispose();
  });

  it("is measured alone where the clock stands still", async () => {
    const model = tinyLora();
    const [first] = await events({ ...tinyRun, model, maxSteps: 1 });
    expect(first.type === "step" && first.time.ideal).toBeNull();
    model.dispose();
  });
});
