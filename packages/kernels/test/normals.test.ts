import { matrix, normal, philox } from "@colm/array";
import { direction, directionalGradients } from "@colm/spsa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drawInputs } from "../src/draw-normals.ts";
import { type GpuAdapter, openGpu } from "../src/gpu-adapter.ts";
import { createKernels, type Kernels } from "../src/index.ts";
import { halfWordSource } from "../src/normal-sources.ts";
import { modes } from "./modes.ts";

/** Draws in float32 beside float64 series that are rounded once, relative to each draw. */
const tolerance = 1e-6;

const hex = (word: number): string => word.toString(16).padStart(8, "0");

for (const { mode, name, here } of modes) {
  describe.skipIf(!here)(`draws in ${name}`, () => {
    let kernels: Kernels;
    let gpu: GpuAdapter;
    beforeAll(async () => {
      kernels = await createKernels({ mode });
      gpu = openGpu(mode);
    });
    afterAll(() => Promise.all([kernels.dispose(), gpu.dispose()]));

    const parameters = { counters: "Array", keys: "Array" } as const;
    /** The words of blocks `counter ..`, word by word; `last` is the counter's last word. */
    const wordsOf = async (
      seed: number,
      stream: number,
      block: number,
      last: number,
      count: number,
    ): Promise<number[]> => {
      const { counters, keys } = drawInputs({ seed, stream, count: 1 }, 4 * block);
      counters[0].set([last % 65536, Math.floor(last / 65536)], 6);
      const half = async (which: "low" | "high"): Promise<Float32Array> => {
        const [row] = await gpu
          .compile(halfWordSource(which, gpu.exclusiveOr), parameters)
          .run([1, 4 * count], counters, keys);
        return row;
      };
      const [low, high] = [await half("low"), await half("high")];
      return Array.from(low, (value, i) => 65536 * high[i] + value);
    };

    // Random123 1.14, kat_vectors: philox4x32 10; those whose counter and key are a position and a seed
    it.each([{ seed: 0, stream: 0, block: 0, last: 0, expected: "6627e8d5 e169c58d bc57ac4c 9b00dbd8" }])(
      "reproduces the published vector of counter 0",
      async ({ seed, stream, block, last, expected }) => {
        const words = await wordsOf(seed, stream, block, last, 1);
        expect(words.map(hex).join(" ")).toBe(expected);
      },
    );

    // the other published vectors have counters and keys beyond 2^53, so that their halves are given directly
    it.each([
      {
        counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
        key: [0xffffffff, 0xffffffff],
        expected: "408f276d 41c83b0e a20bc7c6 6d5451fd",
      },
      {
        counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
        key: [0xa4093822, 0x299f31d0],
        expected: "d16cfe09 94fdcceb 5001e420 24126ea1",
      },
    ])(
      "reproduces the published vector $expected",
      async ({ counter: [c0, c1, c2, c3], key: [k0, k1], expected }) => {
        const halves = (word: number): number[] => [word % 65536, Math.floor(word / 65536)];
        const counters = [Float32Array.from([c0, c1, c2, c3].flatMap(halves))];
        const keys = Array.from({ length: 10 }, (_, round) =>
          Float32Array.from([
            ...halves((k0 + Math.imul(round, 0x9e3779b9)) >>> 0),
            ...halves((k1 + Math.imul(round, 0xbb67ae85)) >>> 0),
          ]),
        );
        const [low] = await gpu
          .compile(halfWordSource("low", gpu.exclusiveOr), parameters)
          .run([1, 4], counters, keys);
        const [high] = await gpu
          .compile(halfWordSource("high", gpu.exclusiveOr), parameters)
          .run([1, 4], counters, keys);
        expect(Array.from(low, (value, i) => hex(65536 * high[i] + value)).join(" ")).toBe(expected);
      },
    );

    it("draws the words of the CPU, over the ends of halves and words of the counter", async () => {
      const seed = 1234567890123;
      for (const [stream, block] of [
        [0, 0],
        [7, 65533],
        [2 ** 32 - 1, 2 ** 32 - 5],
        [65536, 2 ** 48 + 65530],
      ]) {
        const words = await wordsOf(seed, stream, block, 0, 50);
        const expected = Array.from({ length: 50 }, (_, b) => {
          const own = Uint32Array.of(block + b, Math.floor((block + b) / 2 ** 32), stream, 0);
          philox(own, seed >>> 0, Math.floor(seed / 2 ** 32));
          return Array.from(own);
        }).flat();
        expect(words).toEqual(expected);
      }
    });

    it.each([
      [1, 1, 0, 0],
      [3, 1001, 5, 0],
      [2, 30_001, 2 ** 40 + 3, 2 ** 32 - 2],
      [1, 7, 2 ** 34 - 5, 9],
    ])("draws %i x %i normals of the CPU from %i on, stream %i", async (count, length, start, stream) => {
      const drawn = await kernels.normals(count, length, { seed: 77, stream, start });
      expect(drawn.shape).toEqual([count, length]);
      for (let k = 0; k < count; k++) {
        const expected = normal(new Float32Array(length), { seed: 77, stream: stream + k, start });
        for (let i = 0; i < length; i++) {
          const error = Math.abs(drawn.get(k, i) - expected[i]);
          if (!(error <= tolerance * Math.abs(expected[i]))) {
            expect.fail(`${k}, ${i}: ${drawn.get(k, i)} is not ${expected[i]}`);
          }
        }
      }
      expect(kernels.mode).toBe(mode);
    });

    it("draws the directions of an estimate", async () => {
      const g = directionalGradients(matrix(Float32Array.of(1, 2), 1, 2), { dimension: 100, seed: 3 });
      const drawn = await kernels.normals(2, 100, { seed: 3 });
      for (let k = 0; k < 2; k++) {
        const z = direction(g, k, 0, new Float32Array(100));
        for (let i = 0; i < 100; i++) {
          expect(Math.abs(drawn.get(k, i) - z[i])).toBeLessThanOrEqual(tolerance * Math.abs(z[i]));
        }
      }
    });

    it("draws nothing of nothing, and refuses bad input by name", async () => {
      expect((await kernels.normals(0, 5, { seed: 1 })).shape).toEqual([0, 5]);
      expect((await kernels.normals(2, 0, { seed: 1 })).shape).toEqual([2, 0]);
      await expect(kernels.normals(-1, 5, { seed: 1 })).rejects.toThrow(
        new RangeError('normals: "count" must be an integer in [0, 1048576], got -1'),
      );
      await expect(kernels.normals(1, 5, { seed: 0.5 })).rejects.toThrow(
        /^normals: "seed" must be .*, got 0.5$/,
      );
      await expect(kernels.normals(2, 5, { seed: 1, stream: 2 ** 32 - 1 })).rejects.toThrow(
        new RangeError('normals: "stream" must be an integer in [0, 4294967294], got 4294967295'),
      );
    });
  });
}
