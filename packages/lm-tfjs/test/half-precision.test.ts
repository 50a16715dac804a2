import { normal } from "@colm/array";
import { beforeAll, describe, expect, it } from "vitest";
import { decodeHalves, encodeHalves } from "../src/blocks/half-precision.ts";
import { chooseBackend, loadModel } from "../src/index.ts";

const encode = (values: ArrayLike<number>): Int32Array =>
  encodeHalves("test", "w", Float32Array.from(values));
const round = (values: number[]): number[] => [...decodeHalves(encode(values))];

describe("two half-precision numbers in a word", () => {
  it("a worked example", () => {
    // 1 = 0x3c00 and -2 = 0xc000, the first in the lower half
    expect(encode([1, -2])[0] >>> 0).toBe(0xc0003c00);
    expect(round([1, -2])).toEqual([1, -2]);
  });

  it("every finite half comes back as it is", () => {
    const words = Int32Array.from({ length: 2 ** 15 }, (_, i) => (2 * i) | ((2 * i + 1) << 16));
    const finite = words.filter((word) => ((word >>> 10) & 31) < 31);
    expect(finite.length).toBe(2 ** 15 - 2 ** 10);
    expect(encode(decodeHalves(finite))).toEqual(finite);
  });

  it("others go to the nearest, halfway to the even one", () => {
    const halves = decodeHalves(
      Int32Array.from({ length: 31 * 512 }, (_, i) => (2 * i) | ((2 * i + 1) << 16)),
    );
    for (let i = 1; i < halves.length; i += 7) {
      const [low, high] = [halves[i - 1], halves[i]];
      const even = i % 2 === 0 ? high : low;
      const near = 2 ** -12 * (high - low);
      expect(round([(low + high) / 2, (low + high) / 2 - near])).toEqual([even, low]);
      expect(round([(low + high) / 2 + near, -high])).toEqual([high, -high]);
    }
    expect(round([2 ** -25, 2 ** -25 * 1.001])).toEqual([0, 2 ** -24]);
  });

  it("keeps normal numbers to a relative 2^-11", () => {
    const data = normal(new Float32Array(1000), { seed: 1 });
    const back = decodeHalves(encodeHalves("test", "w", data));
    data.forEach((value, i) => {
      expect(Math.abs(back[i] - value)).toBeLessThanOrEqual(2 ** -11 * Math.abs(value) + 2 ** -25);
    });
  });

  it("refuses what would become infinite", () => {
    expect(round([65519, -65504])).toEqual([65504, -65504]);
    for (const beyond of [65520, -70000, Infinity, NaN]) {
      expect(() => encodeHalves("loadModel", "wte.weight", Float32Array.of(0, beyond))).toThrow(
        new RangeError(
          `loadModel: "weights" must be "float32" for a model with entries beyond 65504, got ${beyond} in wte.weight`,
        ),
      );
    }
  });
});

describe("where weights cannot be held so", () => {
  beforeAll(async () => void (await chooseBackend("cpu")));

  it.each([
    [
      { weights: "float16" },
      '"weights" must be "float32" on the cpu back end, got "float16", which webgpu alone holds',
    ],
    [
      { weights: "float16", fresh: { seed: 1 } },
      '"weights" must be "float32" with "fresh", whose weights are trained',
    ],
  ] as const)("%o", async (options, message) => {
    await expect(loadModel("nowhere", options)).rejects.toThrow(new RangeError(`loadModel: ${message}`));
  });
});
