import { matrix, normal } from "@colm/array";
import { facilityLocation, maximize, selectMedoids, similarity } from "@colm/submodular";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// before the first kernel runs in this file, so that every memory is seen
const memories: WebAssembly.Memory[] = [];
const { Memory } = WebAssembly;
beforeAll(() => {
  WebAssembly.Memory = new Proxy(Memory, {
    construct(target, [limits]) {
      const memory = new target(limits);
      memories.push(memory);
      return memory;
    },
  });
});
afterAll(() => {
  WebAssembly.Memory = Memory;
});

function held(): number {
  return memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
}

describe("memory", () => {
  it("holds no second copy of the similarities, symmetric or not", () => {
    const s = matrix(normal(new Float32Array(700 * 700), { seed: 1 }), 700, 700);
    maximize(facilityLocation(s), { count: 50 });
    maximize(facilityLocation(s), { count: 50, groups: new Int32Array(700), quotas: [50] });
    const points = matrix(normal(new Float32Array(700 * 3), { seed: 2 }), 700, 3);
    maximize(facilityLocation(similarity(points, { metric: "l1" })), { count: 50 });
    expect(memories.length).toBeGreaterThan(0);
    expect(held()).toBeLessThan((4 * 700 * 700) / 4);
  });

  it("holds them once where they are made on the way", () => {
    const points = matrix(normal(new Float32Array(700 * 3), { seed: 2 }), 700, 3);
    const before = held();
    selectMedoids(points, { count: 50, metric: "l1" });
    expect(held() - before).toBeGreaterThan(4 * 700 * 700 * 0.9);
    expect(held() - before).toBeLessThan(4 * 700 * 700 * 1.25);
  });
});
