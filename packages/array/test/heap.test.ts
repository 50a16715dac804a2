import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { heapOf } from "../src/index.ts";

describe("heapOf", () => {
  const keys = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 40 });

  it("gives up the largest key first, ties by the rule", () => {
    fc.assert(
      fc.property(keys, fc.constantFrom("low", "high"), (given, ties) => {
        const heap = heapOf(Float64Array.from(given), new Uint8Array(given.length).fill(1), ties);
        const order = given.map((_, j) => j);
        order.sort((a, b) => given[b] - given[a] || (ties === "low" ? a - b : b - a));
        const found: number[] = [];
        for (; heap.size > 0; heap.pop()) found.push(heap.top());
        expect(found).toEqual(order);
      }),
    );
  });

  it("holds what is open, and takes items with new keys", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 30 }), (given) => {
        const current = Float64Array.from(given);
        const open = Uint8Array.from(given, (_, j) => j % 2);
        const heap = heapOf(current, open, "low");
        expect(heap.size).toBe(given.length >> 1);
        for (let j = 0; j < given.length; j += 2) {
          current[j] = -given[j];
          heap.push(j);
        }
        const found: number[] = [];
        for (; heap.size > 0; heap.pop()) found.push(current[heap.top()]);
        expect(found).toEqual(Array.from(current).sort((a, b) => b - a));
      }),
    );
  });
});
