import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const script = path("../examples/coreset_loop.py");
const colm = [process.execPath, path("../src/bin.ts")];
const hasPython = spawnSync("python3", ["--version"]).status === 0;

describe("examples/coreset_loop.py", () => {
  const name = "trains on the coresets that colm select answers with";

  it.skipIf(!hasPython)(hasPython ? name : `${name} (python3 is missing: skipped)`, () => {
    const { stdout, stderr, status } = spawnSync("python3", [script, ...colm], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(status).toBe(0);
    const losses =
      /^before: held-out loss ([\d.]+)\nafter 30 steps on 16 of 64: held-out loss ([\d.]+)\n$/.exec(stdout);
    // parameters of 0 give every example the probability 1/2
    expect(Number(losses?.[1])).toBeCloseTo(Math.log(2), 3);
    expect(Number(losses?.[2])).toBeLessThan(0.4);
  });

  const ends = "ends with an error where the program does";

  it.skipIf(!hasPython)(hasPython ? ends : `${ends} (python3 is missing: skipped)`, () => {
    const { stderr, status } = spawnSync("python3", [script, ...colm, "--no-such-command"], {
      encoding: "utf8",
    });
    expect(stderr).toMatch(/^colm: the command must be one of .*, got "--no-such-command"\n/);
    expect(status).toBe(1);
  });
});
