import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runMain } from "./run-main.ts";
import { type TinyJob, tinyJob } from "./tiny-job.ts";

describe("colm bench", () => {
  let job: TinyJob;
  beforeAll(async () => {
    job = await tinyJob();
  });
  const bench = (...more: string[]): ReturnType<typeof runMain> =>
    runMain([
      "bench",
      ...["--model", join(job.cwd, "model"), "--data", join(job.cwd, "train.jsonl")],
      ...["--pool", "16", "--budget", "8", "--lora-rank", "2", "--steps", "1", ...more],
    ]);

  it("measures a whole step, the controls, and the method", async () => {
    const { code, stdout } = await bench("--json", "--per-device-train-batch-size", "16");
    expect(code).toBe(0);
    const { rows } = JSON.parse(stdout);
    expect(rows.map(({ name, method, budget }: Record<string, unknown>) => [name, method, budget])).toEqual([
      ["full", "random", 16],
      ["budget", "random", 8],
      ["kept", "keep-random", 8],
      ["colm", "colm", 8],
    ]);
    const [full, budget] = rows;
    expect(full.secondsOfFull).toBe(1);
    // a step without selection is never faster than the best rate of its own steps
    expect(full.idealSeconds).toBeGreaterThan(0);
    expect(full.idealSeconds).toBeLessThanOrEqual(full.seconds);
    // activations of 16 examples against those of 8
    expect(budget.peakBytes).toBeLessThan(full.peakBytes);
  });

  it("has seconds of steps on workers, and no bytes", async () => {
    const { stdout } = await bench("--workers", "1", "--json");
    for (const { seconds, peakBytes, bytesOfFull } of JSON.parse(stdout).rows) {
      expect(seconds).toBeGreaterThan(0);
      expect([peakBytes, bytesOfFull]).toEqual([null, null]);
    }
  });

  it("shows a table, for another method too", async () => {
    const { stdout } = await bench("--method", "herding");
    expect(stdout.split("\n")[0].split(/ {2,}/)).toEqual([
      "one step",
      "trained on",
      "seconds",
      "selection",
      "training",
      "ideal",
      "of full",
      "peak MB",
      "of full",
    ]);
    const lines = stdout.split("\n").map((line) => line.split(/ {2,}/)[0]);
    expect(lines.slice(2, 6)).toEqual(["full", "budget", "kept", "herding"]);
    expect(stdout).toContain("pool 16, budget 8; medians of 1 steps after one that warms up");
  });

  it("refuses what is no number of steps", async () => {
    const { code, stderr } = await bench("--steps", "0");
    expect(stderr).toBe("colm bench: --steps must be an integer of at least 1, got 0\n");
    expect(code).toBe(2);
  });
});
