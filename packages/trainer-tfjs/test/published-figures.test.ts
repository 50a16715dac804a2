import { describe, expect, it } from "vitest";
import {
  presetMemory,
  referenceBatchMemory,
  referenceColmMemory,
  referenceHistoryBytes,
  referenceRows,
  stepCost,
} from "../src/index.ts";

describe("presetMemory", () => {
  it("is 43.2 GB for 2.7 billion parameters in mixed precision, and 21.6 GB in pure bfloat16", () => {
    const all = { trained: 2.7e9, frozen: 0 };
    expect(presetMemory({ ...all, preset: "mixed-16B" })).toEqual({
      weights: 5.4e9,
      gradients: 5.4e9,
      optimizer: 32.4e9,
      total: 43.2e9,
    });
    expect(presetMemory({ ...all, preset: "bf16-pure" }).total).toBe(21.6e9);
    expect(presetMemory({ ...all, preset: "f32" }).total).toBe(43.2e9);
  });

  it("counts a frozen base and an adapter apart", () => {
    expect(presetMemory({ trained: 1e6, frozen: 1e9, preset: "lora" })).toEqual({
      weights: 2.002e9,
      gradients: 2e6,
      optimizer: 12e6,
      total: 2.016e9,
    });
  });

  it("refuses what it does not know", () => {
    expect(() => presetMemory({ trained: -1, frozen: 0, preset: "f32" })).toThrow(
      'presetMemory: "trained" must be a finite number of at least 0, got -1',
    );
    expect(() => Reflect.apply(presetMemory, undefined, [{ trained: 1, frozen: 0, preset: "fp4" }])).toThrow(
      'presetMemory: "preset" must be one of "mixed-16B", "bf16-pure", "f32", "lora", got "fp4"',
    );
  });
});

describe("the published figures", () => {
  /** Gigabytes; the published ones have one decimal. */
  const WITHIN = 0.06;

  it("of batches of 64 to 2,048 are 20.29 + 3.9065 batch / 32 to 0.06 GB", () => {
    for (const [batch, published] of [
      [64, 28.1],
      [128, 35.9],
      [256, 51.6],
      [512, 82.8],
      [1024, 145.3],
      [2048, 270.3],
    ]) {
      expect(Math.abs(referenceBatchMemory(batch) - published)).toBeLessThan(WITHIN);
    }
  });

  it("of CoLM on pools of 64 to 2,048 are those of half the batch and the selection", () => {
    for (const [pool, published] of [
      [64, 24.3],
      [128, 28.3],
      [256, 36.2],
      [512, 52.2],
      [1024, 84.4],
      [2048, 149.7],
    ]) {
      expect(Math.abs(referenceColmMemory(pool) - published)).toBeLessThan(WITHIN);
    }
    const selection = referenceColmMemory(128) - referenceBatchMemory(64);
    // "under 200 MB", of which 82.5 MB are history
    expect(selection).toBeLessThan(0.2);
    expect(selection).toBeGreaterThan(0.0825);
    expect(referenceHistoryBytes(128)).toBe(82.5 * 2 ** 20);
  });
});

describe("the published comparison", () => {
  it("has four rows: three batches that are accumulated, and CoLM", () => {
    const published = [
      ["LoRA", 64, 28.1, 0.9],
      ["LoRA", 128, 35.9, 1.8],
      ["LoRA", 256, 51.6, 3.6],
      ["CoLM", 64, 28.3, 1.3],
    ] as const;
    const rows = referenceRows();
    expect(rows.map(({ method, batch }) => [method, batch])).toEqual(
      published.map(([method, batch]) => [method, batch]),
    );
    for (const [r, [, , gigabytes, hours]] of published.entries()) {
      expect(Math.abs(rows[r].gigabytes - gigabytes)).toBeLessThan(0.06);
      // one decimal is given
      expect(Math.abs(rows[r].hours - hours)).toBeLessThan(0.05);
    }
  });
});

describe("stepCost", () => {
  const full = (backwardRatio: number): number =>
    stepCost({ pool: 128, budget: 128, pass: false, backwardRatio });

  it("of reuse is 2/3 of a full checkpointed batch at B = F, 5/8 at B = 2F, towards 1/2 for dear backward passes", () => {
    const reuse = (backwardRatio: number): number =>
      stepCost({ pool: 128, budget: 64, reuse: true, backwardRatio }) / full(backwardRatio);
    expect(reuse(1)).toBeCloseTo(2 / 3, 12);
    expect(reuse(2)).toBeCloseTo(5 / 8, 12);
    expect(reuse(1e6)).toBeCloseTo(1 / 2, 5);
    expect(stepCost({ pool: 128, budget: 64, pass: false }) / full(1)).toBe(0.5);
  });

  it("of CoLM without reuse is the published ideal of 4.7 s in 6.3 s", () => {
    const ideal = stepCost({ pool: 128, budget: 64, backwardRatio: 2 }) / full(2);
    expect(ideal).toBe(0.75);
    expect(Math.abs(ideal - 4.7 / 6.3)).toBeLessThan(0.005);
  });
});
