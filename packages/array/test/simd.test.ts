import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { plainNormals } from "../src/box-muller.ts";
import { normal, openKernels } from "../src/index.ts";
import { drawKey } from "../src/philox.ts";
import { plainFinite } from "../src/require-matrix.ts";
import { binary } from "../src/simd/binary.ts";
import { simdFinite } from "../src/simd/finite.ts";
import { simdNormals } from "../src/simd/normals.ts";

/** Equal bits: 0 and -0 differ, unlike under `toEqual` on their own array type. */
function bits(x: Float32Array): Uint32Array {
  return new Uint32Array(x.buffer, x.byteOffset, x.length);
}

function expectEqualBits(seed: number, stream: number, start: number, length: number): void {
  const key = drawKey("test", seed, stream, start, length, 0);
  const [plain, simd] = [new Float32Array(length), new Float32Array(length)];
  plainNormals(plain, key, start);
  expect(simdNormals(simd, key, start)).toBe(true);
  expect(bits(simd)).toEqual(bits(plain));
}

describe("normals by WebAssembly SIMD", () => {
  it.each([0, 1, 2, 3, 2 ** 34 - 50_001, 2 ** 52 + 5])(
    "have the bits of the plain code in a long run from %d",
    (start) => {
      expectEqualBits(start + 1, 3, start, 200_000);
    },
  );

  it("have them for any seed, stream, start and length", () => {
    const largest = Number.MAX_SAFE_INTEGER;
    const arguments_ = fc.tuple(
      fc.integer({ min: 0, max: largest }),
      fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      fc.integer({ min: 0, max: largest - 5000 }),
      fc.integer({ min: 0, max: 5000 }),
    );
    fc.assert(fc.property(arguments_, (drawn) => expectEqualBits(...drawn)));
  });

  it("leave the rest of a buffer alone", () => {
    const whole = new Float32Array(100).fill(7);
    normal(whole.subarray(10, 87), { seed: 1, start: 3 });
    expect([...whole.subarray(0, 10), ...whole.subarray(87)]).toEqual(new Array(23).fill(7));
    expect(whole.slice(10, 87)).toEqual(normal(new Float32Array(80), { seed: 1 }).slice(3));
  });
});

describe("the search for what is not finite by WebAssembly SIMD", () => {
  it.each([Float32Array, Float64Array])("finds it wherever it stands, in a %O", (Type) => {
    const size = 4096;
    const smallest = Type === Float32Array ? 2 ** -149 : 2 ** -1074;
    const largest = Type === Float32Array ? 2 ** 128 - 2 ** 104 : Number.MAX_VALUE;
    const data = new Type(3 * size + 3).map((_, i) => [0, -0, smallest, largest, -largest, -1, 1.5][i % 7]);
    expect(simdFinite(data, 0, data.length - 1)).toBe(true);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      for (const place of [1, 2, 3, size - 1, size, 2 * size + 1, 3 * size + 1, 3 * size + 2]) {
        const kept = data[place];
        data[place] = bad;
        expect(simdFinite(data, 1, data.length - 1)).toBe(false);
        expect(plainFinite(data, 1, data.length - 1)).toBe(false);
        expect(simdFinite(data, place + 1, data.length - 1)).toBe(true);
        expect(simdFinite(data, 0, place - 1)).toBe(true);
        data[place] = kept;
      }
    }
  });
});

describe("openKernels", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("gives every caller a memory of its own that grows on demand", () => {
    const [a, b] = [openKernels(binary), openKernels(binary)];
    expect(a?.buffer.byteLength).toBe(65536);
    a?.reserve(65537);
    expect([a?.buffer.byteLength, b?.buffer.byteLength]).toEqual([131072, 65536]);
    a?.reserve(1);
    expect(a?.buffer.byteLength).toBe(131072);
  });

  it("gives nothing where the platform has no WebAssembly or not its instructions", () => {
    vi.stubGlobal("WebAssembly", { ...WebAssembly, validate: () => false });
    expect(openKernels(binary)).toBeUndefined();
    vi.stubGlobal("WebAssembly", undefined);
    expect(openKernels(binary)).toBeUndefined();
  });

  it("draws the same normals there", async () => {
    const options = { seed: 5, stream: 2, start: 7 };
    const simd = normal(new Float32Array(1000), options);
    vi.stubGlobal("WebAssembly", undefined);
    vi.resetModules();
    const without = await import("../src/index.ts");
    expect(bits(without.normal(new Float32Array(1000), options))).toEqual(bits(simd));
  });
});
