import type { Example } from "@colm/data";
import { type CausalLM, chooseBackend, createModel, parseModelConfig } from "@colm/lm-tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import {
  memoryBreakdown,
  type SolvedSetting,
  type StepEvent,
  solveMemory,
  type TrainOptions,
  train,
} from "../src/index.ts";

beforeAll(async () => {
  await chooseBackend("wasm");
});

function wideModel(): CausalLM {
  const config = parseModelConfig({
    model_type: "llama",
    vocab_size: 256,
    hidden_size: 64,
    intermediate_size: 128,
    num_hidden_layers: 3,
    num_attention_heads: 4,
    max_position_embeddings: 64,
    tie_word_embeddings: true,
  });
  return createModel(config, { seed: 1 });
}

const trainDataset = Array.from({ length: 256 }, (_, i): Example => {
  const inputIds = Int32Array.from({ length: 32 }, (_, t) => (7 * i + 3 * t) % 256);
  return { inputIds, labels: inputIds, source: i % 8 === 0 ? "rare" : "common", truncated: 0 };
});

const METHODS: Record<string, Partial<TrainOptions>> = {
  random: { method: "random" },
  official: {},
  default: { selection: { mode: "default" } },
  "last block, reused": { selection: { mode: "default", features: "last-block", reuse: true } },
  checkpointed: { method: "keep-random", gradientCheckpointing: true },
};

describe("solveMemory", () => {
  /** The promise: what is left is below a twentieth, where the setting is that fine. */
  const LEFT = 0.05;

  for (const setting of ["perDeviceTrainBatchSize", "loraRank", "pool"] as const satisfies SolvedSetting[]) {
    it(`spends a budget by ${setting}: never above, at most 5 % left, for every method`, () => {
      const model = wideModel();
      for (const [name, method] of Object.entries(METHODS)) {
        const options = { model, trainDataset, pool: 128, budget: 64, loraRank: 16, ...method };
        const own = (value: number): number => memoryBreakdown({ ...options, [setting]: value }).totalBytes;
        const [low, high] = { perDeviceTrainBatchSize: [24, 60], loraRank: [8, 60], pool: [70, 250] }[
          setting
        ];
        if (own(high) === own(low)) continue;
        for (const part of [0.25, 0.5, 0.9]) {
          const bytes = Math.floor(own(low) + part * (own(high) - own(low)));
          const found = solveMemory(options, { bytes, setting });
          expect(found.bytes, name).toBe(own(found.value));
          expect(found.bytes).toBeLessThanOrEqual(bytes);
          expect(found.nextBytes ?? Number.POSITIVE_INFINITY).toBeGreaterThan(bytes);
          expect(found.bytes / bytes, `${name} ${found.value}`).toBeGreaterThan(1 - LEFT);
        }
      }
      model.dispose();
    });
  }

  it("takes the largest value that makes sense when there is room for more", () => {
    const model = wideModel();
    const options = { model, trainDataset, pool: 128, budget: 64, loraRank: 4 };
    expect(solveMemory(options, { bytes: 1e12, setting: "perDeviceTrainBatchSize" })).toMatchObject({
      value: 64,
      nextBytes: null,
    });
    expect(solveMemory(options, { bytes: 1e12, setting: "loraRank" }).value).toBe(64);
    expect(solveMemory(options, { bytes: 1e12, setting: "pool" }).value).toBe(256);
    model.dispose();
  });

  it("is a run that measures no more than a tenth beside its prediction", async () => {
    const model = wideModel();
    const options = { model, trainDataset, pool: 32, budget: 32, method: "random", loraRank: 4 } as const;
    const bytes = 1.5 * memoryBreakdown({ ...options, perDeviceTrainBatchSize: 8 }).totalBytes;
    const { value } = solveMemory(options, { bytes, setting: "perDeviceTrainBatchSize" });
    const run = train({ ...options, perDeviceTrainBatchSize: value, maxSteps: 1 });
    const seen: StepEvent[] = [];
    for await (const event of run) if (event.type === "step") seen.push(event);
    const peak = run.memory.rows.find(({ component }) => component === "peak")?.bytes ?? 0;
    expect(Math.abs(peak / seen[0].peakBytes - 1)).toBeLessThan(0.1);
    expect(value).toBeGreaterThan(8);
    model.dispose();
  });

  it("refuses what cannot be", () => {
    const model = wideModel();
    const options = { model, trainDataset, pool: 128, budget: 64, loraRank: 4 };
    expect(() => solveMemory(options, { bytes: 1000, setting: "loraRank" })).toThrow(
      /^solveMemory: "bytes" must be at least \d+ for "loraRank" 1, got 1000$/,
    );
    expect(() => solveMemory(options, { bytes: 0, setting: "pool" })).toThrow(
      'solveMemory: "bytes" must be a finite number above 0, got 0',
    );
    expect(() => Reflect.apply(solveMemory, undefined, [options, { bytes: 1, setting: "seed" }])).toThrow(
      'solveMemory: "setting" must be "perDeviceTrainBatchSize", "loraRank" or "pool", got "seed"',
    );
    model.dispose();
  });
});
