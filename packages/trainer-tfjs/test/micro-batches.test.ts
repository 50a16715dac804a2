import { describe, expect, it } from "vitest";
import { microBatches } from "../src/micro-batches.ts";

describe("microBatches", () => {
  it("puts like lengths together, longest first, ties in order", () => {
    expect(microBatches([3, 9, 3, 5, 9], 2)).toEqual([[1, 4], [3, 0], [2]]);
  });
  it("is one batch when it is large enough, none of nothing", () => {
    expect(microBatches([1, 2], 8)).toEqual([[1, 0]]);
    expect(microBatches([], 8)).toEqual([]);
  });
});
