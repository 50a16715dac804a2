import { describe, expect, it } from "vitest";
import { interleave, keep, median, time } from "./measure.ts";

describe("median", () => {
  it("is the middle sample, or the mean of the two in the middle", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it("refuses an empty list", () => {
    expect(() => median([])).toThrow('median: "samples" must not be empty, got 0 entries');
  });
});

describe("interleave", () => {
  it("takes the functions in turns", async () => {
    const calls: string[] = [];
    await interleave(
      { a: () => calls.push("a"), b: () => calls.push("b") },
      { rounds: 3, warmup: 1, sampleMs: 0 },
    );
    expect(calls.join("")).toBe("ababababab".slice(0, 8));
  });

  it("gives every name a positive figure, for promises too", async () => {
    const figures = await interleave({ now: () => Math.sqrt(2), later: async () => 1 }, { rounds: 3 });
    expect(Object.keys(figures)).toEqual(["now", "later"]);
    expect(figures.now).toBeGreaterThan(0);
    expect(figures.later).toBeGreaterThan(0);
  });

  it("refuses a function that returns nothing", async () => {
    const nothing = (): number => JSON.parse("null");
    await expect(time(nothing)).rejects.toThrow('measure: "work" must return what it computed, got null');
  });
});

describe("keep", () => {
  it("changes with the value that it is given", () => {
    expect(keep(Float32Array.of(1, 2))).not.toBe(keep({ value: 3, indices: [1, 2] }));
  });
});
