import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const script = fileURLToPath(new URL("../examples/classifier-loop.ts", import.meta.url));

describe("examples/classifier-loop.ts", () => {
  it("learns from weighted coresets and leaves no tensor behind", () => {
    const lines = execFileSync(process.execPath, [script], { encoding: "utf8" }).trimEnd().split("\n");
    expect(lines.map((line) => line.replace(/[\d.]+$/, ""))).toEqual([
      "before: held-out loss ",
      "after 30 steps on 24 of 96: held-out loss ",
      "tensors left behind: ",
    ]);
    const [before, after, left] = lines.map((line) => Number(/[\d.]+$/.exec(line)?.[0]));
    // an outer layer of zeros gives each of three classes the probability 1/3
    expect(before).toBeCloseTo(Math.log(3), 3);
    expect(after).toBeLessThan(0.35);
    expect(left).toBe(0);
  });
});
