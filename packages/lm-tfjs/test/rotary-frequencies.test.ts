import { describe, expect, it } from "vitest";
import { rotaryFrequencies } from "../src/blocks/rotary-frequencies.ts";

describe("rotaryFrequencies", () => {
  it("falls geometrically: 1 and 1/100 for four entries and a base of 10000", () => {
    expect([...rotaryFrequencies(4, { type: "default", theta: 10000 })]).toEqual([1, 0.01]);
  });

  it("are divided by the factor where the scaling is linear", () => {
    const [first, second] = rotaryFrequencies(4, { type: "linear", theta: 10000, factor: 4 });
    expect([first, second]).toEqual([0.25, 0.0025]);
  });

  it("are plain within the model's positions where it is dynamic", () => {
    const plain = rotaryFrequencies(8, { type: "default", theta: 500 });
    expect(rotaryFrequencies(8, { type: "dynamic", theta: 500, factor: 4 })).toEqual(plain);
  });

  it("are kept when fast, divided when slow, and blended between as Llama 3 does it", () => {
    const plain = rotaryFrequencies(64, { type: "default", theta: 500000 });
    const scaled = rotaryFrequencies(64, {
      type: "llama3",
      theta: 500000,
      factor: 8,
      lowFreqFactor: 1,
      highFreqFactor: 4,
      originalMaxPositionEmbeddings: 8192,
    });
    const turns = plain.map((frequency) => (8192 * frequency) / (2 * Math.PI));
    scaled.forEach((frequency, i) => {
      if (turns[i] > 4) expect(frequency).toBe(plain[i]);
      else if (turns[i] < 1) expect(frequency).toBeCloseTo(plain[i] / 8, 15);
      else expect(frequency > plain[i] / 8 && frequency < plain[i]).toBe(true);
    });
    expect(turns[0] > 4 && turns[31] < 1).toBe(true);
  });
});
