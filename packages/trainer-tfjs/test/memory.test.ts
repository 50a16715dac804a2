import type { Example } from "@colm/data";
import { addLora, type CausalLM, chooseBackend, createModel, parseModelConfig } from "@colm/lm-tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type MemoryRow,
  memoryBreakdown,
  memoryTable,
  type StepEvent,
  type TrainOptions,
  train,
  withMeasured,
} from "../src/index.ts";
import { tinyLora } from "./tiny.ts";
import { events, tinyRun } from "./tiny-run.ts";

beforeAll(async () => {
  await chooseBackend("wasm");
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
          if (found === undefined || (bytes === 0 && found === 0)) continue;
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

  it("parts weights, adapter, gradients and optimizer by type of layer", () => {
    const ways: [CausalLM, Partial<TrainOptions>][] = [
      [tinyLora(), {}],
      [shaped(SHAPES.plain), { loraRank: 4, loraTargetModules: ["all-linear"] }],
      [shaped(SHAPES.deep), { train: "full", method: "random" }],
    ];
    for (const [model, options] of ways) {
      const { rows, layers } = memoryBreakdown({ ...tinyRun, model, ...options });
      for (const part of ["weights", "adapter", "gradients", "optimizer"] as const) {
        const whole = rows.find(({ component }) => component === part)?.bytes;
        expect(layers.reduce((sum, layer) => sum + layer[part], 0)).toBe(whole);
      }
      expect(layers.map(({ layer }) => layer)).toEqual([
        "embedding",
        "attention",
        "feed-forward",
        "norm",
        "head",
      ]);
      model.dispose();
    }
    const model = shaped(SHAPES.plain);
    const { layers } = memoryBreakdown({ ...tinyRun, model, loraRank: 4, loraTargetModules: ["up_proj"] });
    // 512 x 64 tokens; norms of 4 blocks and the last; four factors pairs of rank 4 on 64 x 160
    expect(layers[0]).toEqual({
      layer: "embedding",
      weights: 4 * 512 * 64,
      adapter: 0,
      gradients: 0,
      optimizer: 0,
    });
    expect(layers[2].weights).toBe(4 * 4 * 3 * 64 * 160);
    expect(layers[2].adapter).toBe(4 * 4 * 4 * (64 + 160));
    expect(layers[3].weights).toBe(4 * 9 * 64);
    model.dispose();
  });

  it("has the run with every weight trained beside it, whatever adapter is there", () => {
    const full = memoryBreakdown({ ...tinyRun, model: shaped(SHAPES.plain), train: "full" });
    expect(full.everyWeightBytes).toBe(full.totalBytes);
    const model = shaped(SHAPES.plain);
    const toCome = memoryBreakdown({ ...tinyRun, model, loraRank: 4 });
    addLora(model, { rank: 4, alpha: 8, targets: ["q_proj", "k_proj", "v_proj", "o_proj"], seed: 1 });
    const there = memoryBreakdown({ ...tinyRun, model });
    for (const { everyWeightBytes, totalBytes } of [toCome, there]) {
      expect(everyWeightBytes).toBe(full.totalBytes);
      expect(totalBytes).toBeLessThan(everyWeightBytes);
    }
    model.dispose();
  });

  it("bounds the similarities of pairs", async () => {
    const ways: [Partial<TrainOptions>, number][] = [
      [{}, 12 * 16],
      [{ selection: { fresh: true } }, 4 * 16 ** 2],
      [{ selection: { features: "last-value" } }, 4 * 16 ** 2],
      [{ selection: { mode: "default" } }, 4 * 16 ** 2],
      [{ method: "craig" }, 4 * 16 ** 2],
      [{ method: "random" }, 0],
      [{ method: "big-loss" }, 0],
    ];
    for (const [options, bytes] of ways) {
      const model = tinyLora();
      const run = train({ ...tinyRun, model, ...options });
      const seen: StepEvent[] = [];
      for await (const event of run) if (event.type === "step") seen.push(event);
      const row = withMeasured(run.memory, seen).rows.find(({ component }) => component === "pairs");
      expect(row?.bytes).toBe(bytes);
      expect(row?.measured).toBeLessThanOrEqual(bytes);
      if (options.selection?.mode === "default") expect(row?.measured).toBe(bytes);
      model.dispose();
    }
  });

  it("says what other micro-batches would hold, and checkpointing", async () => {
    const shape = SHAPES.plain;
    const model = shaped(shape);
    const trainDataset = evenExamples(16, 32, shape[5]);
    const options = {
      model,
      trainDataset,
      pool: 16,
      budget: 8,
      train: "full",
      method: "random",
      maxSteps: 1,
    } as const;
    const { choices, rows } = memoryBreakdown({ ...options, perDeviceTrainBatchSize: 8 });
    expect(choices.map(({ microBatch }) => microBatch)).toEqual([1, 1, 2, 2, 4, 4, 8, 8]);
    const of = (name: string): number => rows.find(({ component }) => component === name)?.bytes ?? 0;
    expect(choices[6]).toEqual({
      microBatch: 8,
      checkpointing: false,
      bytes: of("activations") + of("gradients"),
    });
    for (const { microBatch, checkpointing, bytes } of choices) {
      const run = train({
        ...options,
        perDeviceTrainBatchSize: microBatch,
        gradientCheckpointing: checkpointing,
      });
      for await (const event of run) {
        if (event.type !== "step" || microBatch < 4) continue;
        const found = event.stageBytes.training - event.stageBytes.held;
        expect(Math.abs(bytes / found - 1), `${microBatch} ${checkpointing}`).toBeLessThan(TENTH);
      }
    }
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
    expect(memoryTable(breakdown, "markdown")).toContain(
      "| micro-batch | without checkpointing | with checkpointing |",
    );
    expect(memoryTable(breakdown, "markdown")).toMatch(/\| 8 \| 0\.\d\d MiB \| 0\.\d\d MiB \|/);
    expect(() => withMeasured(breakdown, [])).toThrow('"steps" must hold at least 1 update, got 0');
    model.dispose();
  });
});
