import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runColm } from "./run-colm.ts";
import { type TinyJob, tinyJob } from "./tiny-job.ts";

let job: TinyJob;
beforeAll(async () => {
  job = await tinyJob();
});

const full = (command: string): string => `exec ${command} > /dev/full`;
const told = "colm: standard output must be writable, got ENOSPC: no space left on device, write\n";
const sizes = ["--pool", "16", "--budget", "8", "--lora-rank", "2", "--max-steps", "2"];

describe("standard output on a full disk", () => {
  it.each([
    [["evaluate", "--model", "model", "--data", "held-out.jsonl", "--json"]],
    [["generate", "--model", "model", "--prompt", "1+1", "--max-new-tokens", "3"]],
    [["train", "--help"]],
  ])("is one line and exit code 2: %j", async (argv) => {
    const { code, stderr } = await runColm(argv, { cwd: job.cwd, script: full });
    expect(stderr).toBe(told);
    expect(code).toBe(2);
  });

  it("does not keep a run from its end: its files stand whole", async () => {
    const argv = ["train", "--model", "model", "--data", "train.jsonl", ...sizes, "--output", "run"];
    const { code, stderr } = await runColm(argv, { cwd: job.cwd, script: full });
    expect(stderr).toBe(told);
    expect(code).toBe(2);
    for (const name of ["checkpoint-2", "adapter", "report.html", "run.json"]) {
      expect(existsSync(join(job.cwd, "run", name))).toBe(true);
    }
  });
});
