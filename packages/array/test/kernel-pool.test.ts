import { afterEach, describe, expect, it, vi } from "vitest";
import { type KernelWorkspace, kernelPool } from "../src/index.ts";
import { binary } from "../src/simd/binary.ts";

interface Kernels {
  finite(at: number, bytes: number, single: number): number;
}

function areKernels(value: unknown): value is Kernels {
  return typeof value === "object" && value !== null && "finite" in value;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("kernelPool", () => {
  it("lends a memory with the kernels that work on it", () => {
    const pool = kernelPool(binary, areKernels);
    expect(pool.usable()).toBe(true);
    const found = pool.lend(256, ({ buffer, kernels }) => {
      const data = new Float32Array(buffer, 0, 4);
      data.set([1, 2, 3, 4]);
      const before = kernels.finite(0, 16, 1);
      data[2] = Number.NaN;
      return [before, kernels.finite(0, 16, 1)];
    });
    expect(found).toEqual([1, 0]);
  });

  it("hands the module what it calls", () => {
    // (import "env" "tell" (func (param i32))) (func (export "go") (param i32) local.get 0 call 0)
    const parts = ["0061736d01000000", "01050160017f00", "020c0103656e760474656c6c0000", "03020100"];
    const module = [...parts, "07060102676f0001", "0a08010600200010000b"].join("");
    const isGo = (value: unknown): value is { go(x: number): void } =>
      typeof value === "object" && value !== null && "go" in value;
    const told: number[] = [];
    const pool = kernelPool(module, isGo, { tell: (x) => void told.push(x) });
    pool.lend(64, ({ kernels }) => kernels.go(7));
    pool.lend(64, ({ kernels }) => kernels.go(9));
    expect(told).toEqual([7, 9]);
  });

  it("gives as many bytes as are asked for", () => {
    const pool = kernelPool(binary, areKernels);
    for (const bytes of [0, 65_536, 65_537, 1_000_000]) {
      pool.lend(bytes, ({ buffer }) => {
        expect(buffer.byteLength).toBeGreaterThanOrEqual(bytes);
        new Uint8Array(buffer, 0, bytes).fill(1);
      });
    }
  });

  it("lends nested calls memories of their own", () => {
    const pool = kernelPool(binary, areKernels);
    pool.lend(64, (outer) => {
      new Uint8Array(outer.buffer, 0, 64).fill(7);
      pool.lend(64, (inner) => {
        expect(inner.buffer).not.toBe(outer.buffer);
        new Uint8Array(inner.buffer, 0, 64).fill(9);
      });
      expect(new Uint8Array(outer.buffer, 0, 64)).toEqual(new Uint8Array(64).fill(7));
    });
  });

  it("keeps the contents for a tenant until somebody else comes", () => {
    const pool = kernelPool(binary, areKernels);
    const [a, b] = [{}, {}];
    const lend = (tenant?: object): boolean => pool.lend(64, (_, kept) => kept, tenant);
    expect([lend(a), lend(a), lend(b), lend(a), lend(), lend(), lend(a), lend(a)]).toEqual([
      false,
      true,
      false,
      false,
      false,
      false,
      false,
      true,
    ]);
  });

  it("takes a memory back after an error", () => {
    const pool = kernelPool(binary, areKernels);
    let first: KernelWorkspace<Kernels> | undefined;
    const fail = (): void =>
      pool.lend(64, (space) => {
        first = space;
        throw new Error("stopped");
      });
    expect(fail).toThrow(new Error("stopped"));
    pool.lend(64, (space) => expect(space).toBe(first));
  });

  it("leaves a memory above 64 MiB to the collector", () => {
    const pool = kernelPool(binary, areKernels);
    const large = pool.lend(65 * 2 ** 20, (space) => space);
    pool.lend(64, (space) => expect(space).not.toBe(large));
  });

  it("refuses a module without the kernels", () => {
    const pool = kernelPool(binary, (exports): exports is object => exports === undefined);
    expect(() => pool.usable()).toThrow(new TypeError("incomplete WebAssembly kernels"));
  });

  it("is not usable where the platform has no WebAssembly", () => {
    vi.stubGlobal("WebAssembly", undefined);
    const pool = kernelPool(binary, areKernels);
    expect(pool.usable()).toBe(false);
    expect(() => pool.lend(64, () => 0)).toThrow(new Error("no WebAssembly SIMD here"));
  });
});
