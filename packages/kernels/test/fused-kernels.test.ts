import { GPU } from "gpu.js";
import { describe, expect, it } from "vitest";
import { fuse, requireBackend } from "../src/fused-kernels.ts";
import { openGpu } from "../src/gpu-adapter.ts";
import { modes } from "./modes.ts";

const double = "function (x) { return 2 * x[this.thread.y][this.thread.x]; }";
const add = "function (a, b) { return a[this.thread.y][this.thread.x] + b[this.thread.y][this.thread.x]; }";
const shape = [1, 3] as const;
const chain = {
  inputs: ["x", "y"],
  steps: [
    { name: "twice", source: double, shape, reads: ["x"] },
    { name: "sum", source: add, shape, reads: ["twice", "y"] },
    { name: "again", source: add, shape, reads: ["sum", "twice"] },
  ],
  results: ["again", "sum"],
};

for (const { mode, name, here } of modes) {
  describe.skipIf(!here)(`a chain of kernels in ${name}`, () => {
    it("computes step by step from what earlier steps left, call after call", async () => {
      const gpu = openGpu(mode);
      const { run } = gpu.fuse("chain", () => chain);
      for (const shift of [0, 10]) {
        const [again, sum] = await run([Float32Array.of(1, 2, 3)], [Float32Array.of(shift, 0, 0)]);
        expect(sum).toEqual([Float32Array.of(2 + shift, 4, 6)]);
        expect(again).toEqual([Float32Array.of(4 + shift, 8, 12)]);
      }
      await gpu.dispose();
    });

    it("may run one kernel many times, each time on what the last time left", async () => {
      const gpu = openGpu(mode);
      const rounds = Array.from({ length: 9 }, (_, t) => ({
        name: `sum ${t + 1}`,
        source: add,
        shape,
        reads: [`sum ${t}`, `sum ${Math.max(0, t - 1)}`],
      }));
      const chain = { inputs: ["sum 0"], steps: rounds, results: ["sum 9", "sum 3"] };
      const { run } = gpu.fuse("rounds", () => chain);
      // 2, 3, 5, 8 ... times the input
      const [last, third] = await run([Float32Array.of(1, 2, 3)]);
      expect(third).toEqual([Float32Array.of(5, 10, 15)]);
      expect(last).toEqual([Float32Array.of(89, 178, 267)]);
      await gpu.dispose();
    });

    it("is made once for each key while it is among the latest four", async () => {
      const gpu = openGpu(mode);
      const made: string[] = [];
      for (const key of ["a", "b", "a", "c", "d", "a", "e", "b", "a"]) {
        const { run } = gpu.fuse(key, () => {
          made.push(key);
          return chain;
        });
        const [, sum] = await run([Float32Array.of(1, 2, 3)], [Float32Array.of(1, 1, 1)]);
        expect(sum).toEqual([Float32Array.of(3, 5, 7)]);
      }
      expect(made).toEqual(["a", "b", "c", "d", "e", "b"]);
      await gpu.dispose();
    });
  });
}

describe("requireBackend", () => {
  const fused = { backend: "webasm", executorKind: "fused-sync", fallbackReason: null, plan: null };

  it("makes an error of a chain that ran elsewhere or in pieces", () => {
    expect(() => requireBackend(fused, "webasm")).not.toThrow();
    expect(() =>
      requireBackend({ ...fused, backend: "gpu", executorKind: "generic" }, "webgl2"),
    ).not.toThrow();
    expect(() => requireBackend({ ...fused, backend: "cpu", executorKind: "generic" }, "cpu")).not.toThrow();
    expect(() => requireBackend({ ...fused, backend: "cpu", executorKind: "generic" }, "webgl2")).toThrow(
      new Error('gpu.js: a chain for "webgl2" ran on "cpu" (generic) instead: no reason given'),
    );
    const pieces = { ...fused, executorKind: "generic", fallbackReason: "too large" };
    expect(() => requireBackend(pieces, "webasm")).toThrow(
      new Error('gpu.js: a chain for "webasm" ran on "webasm" (generic) instead: too large'),
    );
  });

  it("asks each kernel that ran step by step", () => {
    const clone = (mode: string) => ({ kernel: { constructor: { mode } } });
    const plan = (...kinds: string[]) => ({
      genericClones: new Map(kinds.map((mode, at) => [`${at}`, clone(mode)])),
    });
    const stepwise = { backend: "gpu", executorKind: "generic", fallbackReason: "not fused here" };
    expect(() => requireBackend({ ...stepwise, plan: plan("gpu", "gpu") }, "webgl2")).not.toThrow();
    expect(() => requireBackend({ ...stepwise, plan: plan("gpu", "cpu") }, "webgl2")).toThrow("ran on");
  });

  it("sees what gpu.js declines to fuse", async () => {
    const gpu = new GPU({ mode: "webasm" });
    const { run, destroy } = fuse(
      gpu,
      "webgpu",
      { ...chain, steps: [chain.steps[0]], results: ["twice"], inputs: ["x"] },
      { loopMaxIterations: 100, threads: false },
    );
    await expect(run([Float32Array.of(1, 2, 3)])).rejects.toThrow(
      'gpu.js: a chain for "webgpu" ran on "webasm" (fused-sync) instead: no reason given',
    );
    await destroy();
    await gpu.destroy();
  });
});
