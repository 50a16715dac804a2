import { beforeAll, describe, expect, it } from "vitest";
import { bundle } from "../bundle.ts";
import { findChromium } from "../chromium.ts";
import { answerOf } from "./kernels-chromium.ts";
import { compute, type KernelResults } from "./kernels-page.ts";

const chromium = findChromium();
/** Float32 on both sides, in sums of blocks of 256 terms: relative to the largest entry of a table, or to 1. */
const tolerance = 1e-5;
/** Draws in float32, relative to each. */
const drawTolerance = 1e-6;

describe.skipIf(chromium === undefined)("@colm/kernels in headless Chromium", () => {
  let script: string;
  let expected: KernelResults;
  beforeAll(async () => {
    script = await bundle(new URL("kernels-page.ts", import.meta.url).pathname);
    expected = await compute("cpu");
  });
  const ask = (program: string): Promise<unknown> => answerOf(chromium ?? "", script, program);

  it.each(["webgl2", "webgpu"])("computes in %s what the CPU computes", async (mode) => {
    const answer = await ask(`return bundle.compute("${mode}");`);
    if (!isResults(answer)) expect.fail(String(answer));
    expect(answer.mode).toBe(mode);
    expect(Object.keys(answer.tables)).toEqual(Object.keys(expected.tables));
    for (const [name, numbers] of Object.entries(expected.tables)) {
      const actual: number[] = answer.tables[name];
      expect(actual.length).toBe(numbers.length);
      const scale = Math.max(1, ...numbers.map(Math.abs));
      for (const [p, value] of numbers.entries()) {
        if (!(Math.abs(actual[p] - value) <= roomOf(name, value, scale))) {
          expect.fail(`${name}: entry ${p} is ${actual[p]}, not ${value}`);
        }
      }
    }
  });

  it("never lets auto take a software adapter", async () => {
    const answer = await ask("return bundle.automatic();");
    expect(answer).toEqual({ compared: ["plain", "webasm", "cpu"], took: true });
  });
});

it.runIf(chromium === undefined)("Chromium is not installed: the tests in a browser are skipped", () => {
  expect(findChromium()).toBeUndefined();
});

/** Words are whole numbers, and the same; draws are near one by one. */
function roomOf(name: string, value: number, scale: number): number {
  if (name.endsWith("halves of words")) return 0;
  return name.startsWith("normals") ? drawTolerance * Math.abs(value) : tolerance * scale;
}

function isResults(answer: unknown): answer is KernelResults {
  return typeof answer === "object" && answer !== null && "tables" in answer;
}
