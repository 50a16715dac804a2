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
    const n = 2000;
    const s = matrix(normal(new Float32Array(n * n), { seed: 1 }), n, n);
    maximize(facilityLocation(s), { count: 50 });
    maximize(facilityLocation(s), { count: 50, groups: new Int32Array(n), quotas: [50] });
    const points = matrix(normal(new Float32Array(n * 3), { seed: 2 }), n, 3);
    maximize(facilityLocation(similarity(points, { metric: "l1" })), { count: 50 });
    expect(memories.length).toBeGreaterThan(0);
    expect(held()).toBeLessThan((4 * n * n) / 5);
  });

  it("holds them once where they are made on the way", () => {
    const n = 1500;
    const points = matrix(normal(new Float32Array(n * 3), { seed: 2 }), n, 3);
    selectMedoids(points, { count: 50, metric: "l1" });
    expect(held()).toBeGreaterThan(4 * n * n);
    expect(held()).toBeLessThan(4 * n * n * 1.25);
  });
});
