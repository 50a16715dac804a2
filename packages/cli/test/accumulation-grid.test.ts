import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseRunRecord, type RunRecord } from "@colm/report";
import { beforeAll, describe, expect, it } from "vitest";
import { runMain } from "./run-main.ts";
import { type TinyJob, tinyJob } from "./tiny-job.ts";

/** Float32 sums in another order. */
const ROUNDING = 1e-5;

describe("examples/accumulation-grid.json: LoRA and CoLM, with and without gradient accumulation, by batch size", () => {
  let job: TinyJob;
  let outcome: {
    readonly groups: readonly { label: string; onParetoFront: boolean }[];
    readonly equivalents: object[];
  };
  let text: string;
  const record = (name: string): RunRecord =>
    parseRunRecord(JSON.parse(readFileSync(join(job.cwd, "grid", name, "run.json"), "utf8")));

  beforeAll(async () => {
    job = await tinyJob();
    const grid = JSON.parse(
      readFileSync(new URL("../examples/accumulation-grid.json", import.meta.url), "utf8"),
    );
    const own = {
      ...grid,
      train: {
        model: join(job.cwd, "model"),
        data: join(job.cwd, "train.jsonl"),
        validation: join(job.cwd, "held-out.jsonl"),
        max_steps: 2,
        lora_rank: 2,
        check_features: 1,
      },
      sizes: [
        { pool: 8, budget: 4 },
        { pool: 16, budget: 8 },
      ],
      seeds: [1],
    };
    writeFileSync(join(job.cwd, "grid.json"), JSON.stringify(own));
    const argv = ["compare", "--grid", join(job.cwd, "grid.json"), "--output", join(job.cwd, "grid")];
    const made = await runMain([...argv, "--json"]);
    expect(made.code, made.stderr).toBe(0);
    outcome = JSON.parse(made.stdout);
    text = (await runMain(argv)).stdout;
  }, 120_000);

  it("runs every row at every size", () => {
    expect(outcome.groups).toHaveLength(8);
  });

  it("has the losses of the large batch from its micro-batches, in less memory", () => {
    for (const method of ["lora", "colm"]) {
      for (const size of ["pool-8-budget-4", "pool-16-budget-8"]) {
        const whole = record(`${method}-${size}-seed-1`);
        const parts = record(`${method}-accumulated-${size}-seed-1`);
        const [last, own] = [whole.evaluations.at(-1), parts.evaluations.at(-1)];
        expect(Math.abs((own?.micro ?? 0) - (last?.micro ?? 1))).toBeLessThan(ROUNDING);
        expect(parts.steps.map(({ examples }) => examples)).toEqual(
          whole.steps.map(({ examples }) => examples),
        );
        expect(parts.peakBytes ?? 1).toBeLessThan(whole.peakBytes ?? 0);
      }
    }
  });

  it("says what every weight would take, what the process held, and how features agree", () => {
    const {
      everyWeightBytes = 0,
      memory = {},
      processBytes,
      settings,
      steps,
    } = record("colm-pool-16-budget-8-seed-1");
    expect(everyWeightBytes).toBeGreaterThan(Object.values(memory).reduce((sum, bytes) => sum + bytes, 0));
    expect(processBytes?.heap).toBeGreaterThan(1e6);
    expect(processBytes?.resident).toBeGreaterThan(processBytes?.heap ?? 0);
    expect(settings).toMatchObject({ loraRank: 2, loraAlpha: 8, dtype: "float32" });
    for (const { check } of steps) expect(check?.overlap).toBeGreaterThan(0);
    expect(text).toMatch(/Memory predicted from shapes: .* MB as run, .* MB with every weight trained\./);
  });

  it("marks who is on the front of loss, time and memory", () => {
    expect(outcome.groups.some(({ onParetoFront }) => onParetoFront)).toBe(true);
  });
});
