import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runMain } from "./run-main.ts";
import { rows, type TinyJob, tinyJob } from "./tiny-job.ts";

let job: TinyJob;
const at = (name: string): string => join(job.cwd, name);
beforeAll(async () => {
  job = await tinyJob();
  // nine rows: none is of the small source
  writeFileSync(at("big.jsonl"), rows(9));
});

describe("--metric-for-best-model", () => {
  it.each([
    [
      "source:zz",
      "held-out.jsonl",
      'must name a source of the held-out rows (even, odd, rare), got "source:zz"',
    ],
    ["source:rare", "big.jsonl", 'must name a source of the held-out rows (even, odd), got "source:rare"'],
    [
      "small",
      "big.jsonl",
      'must be a mean that the held-out rows have, got "small" where none of their sources (even, odd) is small',
    ],
  ])("is refused before any step: %s of %s", async (metric, validation, message) => {
    const files = ["--model", at("model"), "--data", at("train.jsonl"), "--validation", at(validation)];
    const sizes = ["--pool", "16", "--budget", "8", "--lora-rank", "2", "--max-steps", "2"];
    const { code, stdout, stderr } = await runMain([
      ...["train", ...files, ...sizes],
      ...["--metric-for-best-model", metric, "--load-best-model-at-end", "--output", at("run")],
    ]);
    expect(stderr).toBe(`colm train: --metric-for-best-model ${message}\n`);
    expect([code, stdout]).toEqual([2, ""]);
    expect(existsSync(at("run"))).toBe(false);
  });
});
