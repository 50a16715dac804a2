import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chooseBackend, loadModel } from "@colm/lm-tfjs";
import { train } from "@colm/trainer-tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { fitShape, microBatchChoices } from "../src/memory/fit-shape.ts";
import { parseBytes } from "../src/memory/parse-bytes.ts";
import { measureStepMemory, type StepMemory } from "../src/memory/step-memory.ts";
import { runMain } from "./run-main.ts";
import { type TinyJob, tinyJob } from "./tiny-job.ts";

describe("parseBytes", () => {
  it.each([
    ["8GB", 8e9],
    ["7.5 GiB", 7.5 * 2 ** 30],
    ["512m", 512e6],
    ["1e9", 1e9],
    ["3kib", 3072],
  ])("%s", (text, bytes) => {
    expect(parseBytes("--memory", text)).toBe(bytes);
  });

  it.each(["", "GB", "-1GB", "8 gigabytes", "0", "1e400"])("refuses %j", (text) => {
    expect(() => parseBytes("--memory", text)).toThrow(
      `--memory must be a size such as 8GB or 7.5GiB, got "${text}"`,
    );
  });
});

describe("fitShape", () => {
  // 100 for the model, 10 for each example of a micro-batch, 4 of them with checkpointing, 1 for each of the pool
  const memory: StepMemory = {
    measured: 0,
    bytes: ({ microBatch, checkpointing, pool }) => 100 + (checkpointing ? 4 : 10) * microBatch + pool,
  };
  const choices = { microBatches: [1, 2, 4, 8], checkpointing: [false, true], pools: [64, 32] };

  it("prefers the larger pool, then no checkpointing, then the larger micro-batch", () => {
    const chosen = (limit: number): object => fitShape(memory, choices, limit);
    expect(chosen(244)).toEqual({
      shape: { pool: 64, checkpointing: false, microBatch: 8 },
      bytes: 244,
      fits: true,
    });
    expect(chosen(243)).toMatchObject({ shape: { pool: 64, checkpointing: false, microBatch: 4 } });
    expect(chosen(173)).toMatchObject({ shape: { pool: 64, checkpointing: true, microBatch: 2 } });
    expect(chosen(142)).toMatchObject({ shape: { pool: 32, checkpointing: false, microBatch: 1 } });
    expect(chosen(135)).toEqual({
      shape: { pool: 32, checkpointing: true, microBatch: 1 },
      bytes: 136,
      fits: false,
    });
  });

  it("offers the size and the powers of two below it", () => {
    expect(microBatchChoices(16)).toEqual([16, 8, 4, 2, 1]);
    expect(microBatchChoices(6)).toEqual([6, 4, 2, 1]);
    expect(microBatchChoices(1)).toEqual([1]);
  });
});

describe("on a real model", () => {
  let job: TinyJob;
  beforeAll(async () => {
    job = await tinyJob();
    await chooseBackend("cpu");
  });

  const example = (length: number) => {
    const inputIds = Int32Array.from({ length }, (_, t) => t % 90);
    return { inputIds, labels: inputIds, source: "x", truncated: 0 };
  };

  it("what is measured on small steps predicts the bytes of larger ones", async () => {
    const openModel = () => loadModel(join(job.cwd, "model"));
    const settings = { method: "colm", loraRank: 2 } as const;
    const { signal } = new AbortController();
    const memory = await measureStepMemory({
      openModel,
      examples: [example(5), example(20)],
      settings,
      checkpointing: [false, true],
      signal,
    });
    for (const checkpointing of [false, true]) {
      for (const microBatch of [4, 12]) {
        const model = await openModel();
        const trainDataset = Array.from({ length: 24 }, () => example(20));
        const sizes = { pool: 24, budget: 12, perDeviceTrainBatchSize: microBatch, maxSteps: 1 };
        const run = train({
          ...settings,
          ...sizes,
          gradientCheckpointing: checkpointing,
          model,
          trainDataset,
        });
        for await (const event of run) {
          if (event.type !== "step") continue;
          const predicted = memory.bytes({ microBatch, checkpointing, pool: 24 });
          // every array of a step is linear in the sizes
          expect(event.peakBytes / predicted).toBeCloseTo(1, 2);
        }
        model.dispose();
      }
    }
  });

  it("colm train --memory chooses, says what, and keeps what was chosen", async () => {
    const output = join(job.cwd, "fitted");
    const argv = ["train", "--model", join(job.cwd, "model"), "--data", join(job.cwd, "train.jsonl")];
    const sizes = ["--memory", "64GB", "--lora-rank", "2", "--max-steps", "1", "--output", output];
    const { code, stdout, stderr } = await runMain([...argv, ...sizes]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /memory: micro-batches of 16, without checkpointing, pool 60: about \d+ of 64000 MB/,
    );
    const record = JSON.parse(readFileSync(join(output, "run.json"), "utf8"));
    expect(record).toMatchObject({ pool: 60, budget: 30, settings: { perDeviceTrainBatchSize: 16 } });
    const kept = JSON.parse(readFileSync(join(output, "arguments.json"), "utf8"));
    expect(kept).toContain("--per-device-train-batch-size=16");
    expect(kept).toContain("--per-device-eval-batch-size=16");
    expect(kept.join(" ")).not.toContain("--memory");
    // each worker counts like another step, and 40 MB
    const least = async (...more: string[]): Promise<number> => {
      const { stderr: said } = await runMain([...argv, "--memory", "1MB", "--lora-rank", "2", ...more]);
      const [, all, beside] = /at least (\d+) MB .* \((\d+) MB/.exec(said) ?? [];
      return Number(all) - Number(beside);
    };
    const [none, two] = [await least(), await least("--workers", "2")];
    expect(Math.abs(two - (3 * none + 80))).toBeLessThanOrEqual(4);
    const small = await runMain([...argv, "--memory", "1MB", "--lora-rank", "2"]);
    expect(small.stderr).toMatch(
      /^colm train: --memory must be at least \d+ MB for this model and data \(\d+ MB/,
    );
    expect(small.code).toBe(2);
  });
});
