import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { attempted, checked, type Row, relativeError } from "../src/doctor/row.ts";
import { runMain } from "./run-main.ts";
import { type TinyJob, tinyJob } from "./tiny-job.ts";

describe("a row", () => {
  it("measures errors against the largest entry, and takes what is no number for the largest", () => {
    expect(relativeError([1, 2.5], [1, 2])).toBe(0.25);
    expect(relativeError([0], [0])).toBe(0);
    expect(relativeError([Number.NaN], [1])).toBe(Infinity);
    expect(relativeError([1], [1, 2])).toBe(Infinity);
  });

  it("fails with the words of what was thrown", async () => {
    const row = await attempted("a", "b", async () => {
      throw new Error("broken");
    });
    expect(row).toEqual({ area: "a", name: "b", found: "broken", ok: false });
    expect(checked("a", "b", false, "x").ok).toBe(false);
  });
});

describe("colm doctor", () => {
  let job: TinyJob;
  beforeAll(async () => {
    job = await tinyJob();
  });

  it("tests back ends and kernels, and measures what fits", async () => {
    const argv = [
      "doctor",
      "--model",
      join(job.cwd, "model"),
      "--max-length",
      "32",
      "--memory",
      "64GB",
      "--json",
    ];
    const { code, stdout } = await runMain(argv);
    const { ok, rows }: { ok: boolean; rows: Row[] } = JSON.parse(stdout);
    expect(rows.filter((row) => row.ok === false)).toEqual([]);
    expect([code, ok]).toEqual([0, true]);
    const names = rows.map(({ area, name }) => `${area}: ${name}`);
    for (const name of [
      "machine: node",
      "machine: memory",
      "machine: wasm simd",
      "back ends: wasm product",
      "back ends: cpu gradient",
      "kernels: cpu l1",
      "kernels: webasm normalizedFeatures",
      "model: parameters",
    ])
      expect(names).toContain(name);
    expect(rows.at(-1)?.found).toMatch(
      /^micro-batches of 64 × 32 tokens without checkpointing: about \d+ of 64000 MB/,
    );
  });

  it("ends with code 1 when something fails, and goes on with the others", async () => {
    const argv = ["doctor", "--model", join(job.cwd, "model"), "--memory", "1MB"];
    const { code, stdout } = await runMain(argv);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /\nFAILED model +what fits +--memory must be at least \d+ MB for this model and data/,
    );
    expect(stdout.endsWith("1 failed\n")).toBe(true);
  });

  it("refuses what has no model to go with", async () => {
    const { code, stderr } = await runMain(["doctor", "--max-length", "9"]);
    expect(stderr).toBe("colm doctor: --max-length must go with --model\n");
    expect(code).toBe(2);
  });
});
