import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bytesDrift } from "../src/bytes-drift.ts";
import { equivalentLines } from "../src/compare/equivalent-lines.ts";
import { runTable } from "../src/run-table.ts";
import { runMain } from "./run-main.ts";
import { runRecord } from "./run-records.ts";
import { tinyJob } from "./tiny-job.ts";

describe("bytesDrift", () => {
  const warningsOf = (held: readonly number[]): string[][] => {
    const look = bytesDrift();
    return held.map((bytes) =>
      look({ stageBytes: { held: bytes, kept: bytes, selection: bytes, training: bytes } }).map(
        ([, text]) => text,
      ),
    );
  };

  it("warns when every update of a row of eight begins with more bytes", () => {
    const warned = warningsOf(Array.from({ length: 10 }, (_, i) => (5 + i) * 1e6));
    expect(warned.slice(0, 8).flat()).toEqual([]);
    expect(warned[8]).toEqual([
      "tensors grow between updates, by 8.0 MB in the last 8: something is not freed",
    ]);
  });

  it("says nothing of bytes that stay, or grow and fall", () => {
    expect(warningsOf(new Array(20).fill(7)).flat()).toEqual([]);
    expect(warningsOf(Array.from({ length: 40 }, (_, i) => i % 8)).flat()).toEqual([]);
  });
});

describe("colm train", () => {
  it("warns once when ties decide", async () => {
    const { cwd } = await tinyJob();
    const files = ["--model", join(cwd, "model"), "--data", join(cwd, "train.jsonl")];
    const sizes = ["--pool", "16", "--budget", "12", "--max-steps", "2", "--lora-rank", "2"];
    const { code, stdout } = await runMain([
      "train",
      ...files,
      ...sizes,
      "--output",
      join(cwd, "run"),
      "--check-features",
      "1",
    ]);
    expect(code).toBe(0);
    expect(
      stdout.match(/step 1: warning: 2 distinct features for \d+ choices, so ties decide/g),
    ).toHaveLength(1);
    expect(stdout.match(/warning/g)).toHaveLength(1);
    expect(stdout).toMatch(
      /features beside exact gradients, 2 checks: cosine \d\.\d\d, Spearman -?\d\.\d\d, overlap of the choice \d\.\d\d/,
    );
    expect(stdout).toMatch(/s of it selection \(\d+\.\d{3} s at most\)/);
    expect(stdout).toMatch(/process: \d+\.\d MiB resident at most, heap \d+\.\d MiB/);
    expect(stdout).toMatch(/predicted \d+\.\d MiB; \d+\.\d MiB with every weight trained/);
  });
});

describe("runTable", () => {
  it("has means of the checks that have one", () => {
    const [step] = runRecord("a", 1).steps;
    const steps = [
      { ...step, check: { cosine: 0.5, spearman: null, overlap: 0.25 } },
      { ...step, step: 2, check: { cosine: 1, spearman: null, overlap: 0.75 } },
    ];
    expect(runTable(runRecord("a", 1, { steps }))).toContain(
      "features beside exact gradients, 2 checks: cosine 0.75, Spearman -, overlap of the choice 0.50",
    );
  });
});

describe("equivalentLines", () => {
  it("names the smallest batch that does, or those that do not", () => {
    const tried = [
      { batch: 64, mean: 2.5 },
      { batch: 128, mean: 2 },
    ];
    expect(
      equivalentLines([
        { label: "colm 64 of 128", batch: 128, target: 2.25, tried },
        { label: "herding 64 of 128", batch: null, target: 1.5, tried },
      ]),
    ).toEqual([
      "colm 64 of 128: macro loss 2.2500; random batches reach that at 128 (2.0000), tried 64, 128",
      "herding 64 of 128: macro loss 1.5000; no random batch of 64, 128 reaches that",
    ]);
  });
});
