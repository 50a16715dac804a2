import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { spsa } from "../src/index.ts";

const file = new URL("../../../../shared/golden/colm/pipeline_onez.json", import.meta.url);

interface Case {
  name: string;
  mezo_eps: number;
  steps: { loss_plus: number[]; loss_minus: number[]; projected_grad: number[] }[];
}

function goldenCases(): Case[] {
  const { cases }: { cases: Case[] } = JSON.parse(readFileSync(file, "utf8"));
  return cases;
}

const missing = existsSync(file) ? "" : ": shared/golden/colm is missing, skipped";

describe.skipIf(missing !== "")(`golden pipeline${missing}`, () => {
  it("gives the coefficients of the reference implementation from its losses", async () => {
    for (const { name, mezo_eps, steps } of goldenCases()) {
      for (const { loss_plus, loss_minus, projected_grad } of steps) {
        const losses = [loss_plus, loss_minus].map((list) => Float32Array.from(list));
        const loss = (): Float32Array => losses.shift() ?? new Float32Array(0);
        const g = await spsa(loss, new Float32Array(1), { seed: 1, epsilon: mezo_eps });
        // both are one subtraction and one division; the reference divides in float32
        for (const [i, c] of projected_grad.entries()) {
          expect(Math.abs(g.coefficients.data[i] - c), name).toBeLessThanOrEqual(2 ** -22 * Math.abs(c));
        }
      }
    }
  });
});
