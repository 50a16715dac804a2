import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseBackend } from "@colm/lm-tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { type SelectionSettings, type TrainOptions, train } from "../src/index.ts";
import { allValues, tinyLora, tinyModel } from "./tiny.ts";
import { steps, tinyRun } from "./tiny-run.ts";

beforeAll(async () => {
  await chooseBackend("wasm");
});

async function checksOf(selection: SelectionSettings, options: Partial<TrainOptions> = {}) {
  const model = options.train === "full" ? tinyModel() : tinyLora();
  const held = tf.memory().numTensors;
  const seen = await steps({ ...tinyRun, model, ...options, selection: { checkFeatures: 1, ...selection } });
  expect(tf.memory().numTensors).toBe(held);
  const values = await allValues(model);
  model.dispose();
  return { checks: seen.map(({ selection: chosen }) => chosen.check), seen, values };
}

describe("checkFeatures", () => {
  it("finds exact gradients like themselves, in choice and distances", async () => {
    for (const selection of [
      { features: "last-value" },
      { features: "last-value", adam: false, metric: "l2" },
      { mode: "default", features: "last-value" },
    ] as const) {
      const { checks } = await checksOf(selection);
      expect(checks).toHaveLength(4);
      for (const check of checks) {
        expect(check?.overlap).toBe(1);
        expect(check?.cosine).toBeCloseTo(1, 6);
        expect(check?.spearman).toBeCloseTo(1, 6);
      }
    }
  });

  it("finds zeroth-order gradients the nearer to exact ones the more directions they have", async () => {
    const means = [];
    for (const directions of [1, 64]) {
      const { checks } = await checksOf({ directions, fresh: true, adam: false, metric: "l2" });
      means.push({
        spearman: checks.reduce((sum, check) => sum + (check?.spearman ?? 0), 0) / checks.length,
        overlap: checks.reduce((sum, check) => sum + (check?.overlap ?? 0), 0) / checks.length,
      });
    }
    expect(means[1].spearman).toBeGreaterThan(means[0].spearman);
    expect(means[1].spearman).toBeGreaterThan(0.8);
    expect(means[1].overlap).toBeGreaterThanOrEqual(means[0].overlap);
  });

  it("takes features of any width, trained in full or not", async () => {
    for (const [selection, options] of [
      [{}, {}],
      [{ mode: "default" }, {}],
      [{ mode: "default", features: "last-block", sketch: 32 }, {}],
      [{ mode: "default", adam: {} }, {}],
      [{}, { train: "full" }],
      [{}, { method: "herding" }],
    ] as const) {
      const { checks } = await checksOf(selection, options);
      for (const check of checks) {
        expect(check?.spearman).toBeGreaterThanOrEqual(-1);
        expect(check?.overlap).toBeGreaterThan(0);
        expect(check?.overlap).toBeLessThanOrEqual(1);
      }
    }
  });

  it("changes nothing of the run, comes every so many updates, and has nothing to say of random draws", async () => {
    const plain = await checksOf({ checkFeatures: undefined });
    const every = await checksOf({ checkFeatures: 2 });
    expect(every.values).toEqual(plain.values);
    expect(every.seen.map(({ selection }) => [...selection.indices])).toEqual(
      plain.seen.map(({ selection }) => [...selection.indices]),
    );
    expect(plain.checks).toEqual([undefined, undefined, undefined, undefined]);
    expect(every.checks.map((check) => check !== undefined)).toEqual([true, false, true, false]);
    const { checks } = await checksOf({}, { method: "keep-random" });
    expect(checks.every((check) => check === undefined)).toBe(true);
  });

  it("may be turned on or off when a run is resumed: it is the same run", async () => {
    const outputDir = mkdtempSync(join(tmpdir(), "colm-check-"));
    const settings = { ...tinyRun, outputDir, saveSteps: 2 };
    const first = tinyLora();
    await steps({ ...settings, model: first, selection: { checkFeatures: 1 } });
    const again = tinyLora();
    const resumed = await steps({
      ...settings,
      model: again,
      resumeFromCheckpoint: join(outputDir, "checkpoint-2"),
    });
    expect(resumed.map(({ step }) => step)).toEqual([3, 4]);
    expect(await allValues(again)).toEqual(await allValues(first));
    first.dispose();
    again.dispose();
    rmSync(outputDir, { recursive: true });
  });

  it("is refused where it is no number of updates", () => {
    const model = tinyLora();
    expect(() => train({ ...tinyRun, model, selection: { checkFeatures: 0 } })).toThrow(
      new RangeError('train: "selection.checkFeatures" must be an integer of at least 1, got 0'),
    );
    model.dispose();
  });
});
