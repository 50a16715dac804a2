import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseGrid } from "../src/compare/grid.ts";
import { requireBaseline } from "../src/compare/grid-baseline.ts";
import { runMain } from "./run-main.ts";

const value = {
  methods: ["colm", "random-pool"],
  sizes: [{ pool: 16, budget: 8 }],
  seeds: [1, 2],
};

describe("the baseline of a grid", () => {
  const grid = parseGrid("grid.json", value);

  it.each([
    undefined,
    "colm 8 of 16",
    "random 16",
    "colm-pool-16-budget-8-seed-2",
    "colm 8 of 16 (learningRate 0.1)",
    "colm 8 of 16, colm-pool-16-budget-8-seed-1",
  ])("is a run, or a group as reports call it: %s", (name) => {
    expect(() => requireBaseline("--baseline", name, grid)).not.toThrow();
  });

  it.each(["zz", "colm", "random 8 of 16", "random 160"])("and nothing else: %s", (name) => {
    expect(() => requireBaseline("--baseline", name, grid)).toThrow(
      `--baseline must be a run or group of the grid (colm 8 of 16, random 16, colm-pool-16-budget-8-seed-1, ` +
        `random-pool-pool-16-budget-8-seed-1, colm-pool-16-budget-8-seed-2, random-pool-pool-16-budget-8-seed-2), got "${name}"`,
    );
  });

  it("is a run where there is one seed: groups of one run are called after it", () => {
    const single = parseGrid("g", { ...value, seeds: [1] });
    expect(() => requireBaseline("--baseline", "colm 8 of 16", single)).toThrow("must be a run or group");
  });

  it("may be of any size where memory decides about sizes", () => {
    const open = parseGrid("g", { ...value, train: { memory: "8GB" } });
    for (const name of ["colm 8 of 16", "random 64"]) requireBaseline("--baseline", name, open);
    expect(() => requireBaseline("--baseline", "craig 8 of 16", open)).toThrow("must be a run or group");
  });

  it("is looked at before the first run, from the file or the command line", async () => {
    const folder = mkdtempSync(join(tmpdir(), "colm-baseline-"));
    const path = join(folder, "grid.json");
    const argv = ["compare", "--grid", path, "--output", join(folder, "runs")];
    for (const [more, where] of [
      [[], `${path}: "baseline"`],
      [["--baseline", "zz"], "--baseline"],
    ] as const) {
      writeFileSync(path, JSON.stringify(more.length === 0 ? { ...value, baseline: "zz" } : value));
      const { code, stdout, stderr } = await runMain([...argv, ...more]);
      expect(stderr).toContain(`colm compare: ${where} must be a run or group of the grid (`);
      expect([code, stdout]).toEqual([2, ""]);
      expect(existsSync(join(folder, "runs"))).toBe(false);
    }
  });
});
