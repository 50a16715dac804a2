import { chooseBackend } from "@colm/lm-tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { evaluate, type TrainOptions } from "../src/index.ts";
import { allValues, tinyExamples, tinyLora, tinyModel } from "./tiny.ts";
import { steps, tinyRun } from "./tiny-run.ts";

beforeAll(async () => {
  await chooseBackend("wasm");
});

/** Each with a rate that it learns at. */
const OPTIMIZERS = [
  ["adamw", 0.01],
  ["adam", 0.01],
  ["sgd", 0.3],
  ["lion", 0.005],
] as const;
const CHOICES: Record<string, Partial<TrainOptions>> = {
  official: {},
  default: { selection: { mode: "default" } },
  "last block, reused": { selection: { mode: "default", features: "last-block", reuse: true } },
  remembered: { selection: { mode: "default", features: "remembered" } },
  "keep-random": { method: "keep-random" },
};

describe("every way to choose on every optimizer, an adapter or all weights", () => {
  for (const train of ["lora", "full"] as const) {
    for (const [optim, learningRate] of OPTIMIZERS) {
      it(`${train}, ${optim}: the loss falls, weights stay finite`, async () => {
        const held = tinyExamples(24, 9);
        for (const [name, choice] of Object.entries(CHOICES)) {
          const model = train === "full" ? tinyModel(1, false) : tinyLora();
          const before = (await evaluate(model, held)).micro;
          const rate = train === "full" ? learningRate / 4 : learningRate;
          const settings = { ...tinyRun, train, optim, learningRate: rate, maxSteps: 20, ...choice } as const;
          const seen = await steps({ ...settings, model });
          expect((await evaluate(model, held)).micro, name).toBeLessThan(before - 0.02);
          for (const values of await allValues(model)) expect(values.every(Number.isFinite)).toBe(true);
          for (const { selection } of seen) expect(selection.indices, name).toHaveLength(8);
          model.dispose();
        }
      });
    }
  }
});
