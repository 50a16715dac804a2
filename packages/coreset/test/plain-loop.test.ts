import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const script = fileURLToPath(new URL("../examples/plain-loop.ts", import.meta.url));

describe("examples/plain-loop.ts", () => {
  it("learns from weighted coresets, the rare source included", () => {
    const lines = execFileSync(process.execPath, [script], { encoding: "utf8" }).trimEnd().split("\n");
    expect(lines.map((line) => line.replace(/[\d.]+$/, ""))).toEqual([
      "before: held-out loss ",
      "after 40 steps on 16 of 64: held-out loss ",
      "of the rare source: ",
    ]);
    const [before, after, rare] = lines.map((line) => Number(/[\d.]+$/.exec(line)?.[0]));
    // parameters of 0 give every example the probability 1/2
    expect(before).toBeCloseTo(Math.log(2), 3);
    expect(after).toBeLessThan(0.4);
    expect(rare).toBeLessThan(0.6);
  });
});
