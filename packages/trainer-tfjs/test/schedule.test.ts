import { describe, expect, it } from "vitest";
import { constantSchedule, linearSchedule } from "../src/index.ts";

describe("linearSchedule", () => {
  it("rises to the peak and falls to zero, the first update at rate 0", () => {
    const rate = linearSchedule({ learningRate: 0.02, warmupSteps: 2, steps: 6 });
    const golden = [0, 0.01, 0.02, 0.015, 0.01, 0.005];
    for (const [step, expected] of golden.entries()) expect(rate(step)).toBeCloseTo(expected, 12);
    expect(rate(6)).toBe(0);
    expect(rate(7)).toBe(0);
  });

  it("starts at the peak without a warm-up", () => {
    expect([0, 1, 2, 3, 4].map(linearSchedule({ learningRate: 1, steps: 4 }))).toEqual([
      1, 0.75, 0.5, 0.25, 0,
    ]);
  });

  it("never falls when the warm-up is the whole run", () => {
    expect([0, 1, 2].map(linearSchedule({ learningRate: 1, warmupSteps: 2, steps: 2 }))).toEqual([0, 0.5, 0]);
  });
});

describe("constantSchedule", () => {
  it("stays at the peak", () => {
    expect([0, 5].map(constantSchedule({ learningRate: 0.5 }))).toEqual([0.5, 0.5]);
    expect([0, 1, 2, 9].map(constantSchedule({ learningRate: 1, warmupSteps: 2 }))).toEqual([0, 0.5, 1, 1]);
  });
});

describe("bad settings", () => {
  it("are refused by name", () => {
    expect(() => linearSchedule({ learningRate: -1, steps: 2 })).toThrow(
      new RangeError('linearSchedule: "learningRate" must be a finite number of at least 0, got -1'),
    );
    expect(() => linearSchedule({ learningRate: 1, steps: 0 })).toThrow(
      new RangeError('linearSchedule: "steps" must be an integer of at least 1, got 0'),
    );
    expect(() => constantSchedule({ learningRate: 1, warmupSteps: 0.5 })).toThrow(
      new RangeError('constantSchedule: "warmupSteps" must be an integer of at least 0, got 0.5'),
    );
  });
});
