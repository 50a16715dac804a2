import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BatchOptions, mixture, mixtureBatches } from "../src/index.ts";
import { all } from "./files.ts";

/** Parts whose examples say where they come from. */
const made = (sizes: readonly number[]) =>
  sizes.map((size, part) => ({
    examples: Array.from({ length: size }, (_, index) => ({ part, index })),
    weight: part + 1,
  }));

const settings = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
  size: fc.integer({ min: 1, max: 8 }),
  seed: fc.nat({ max: 1000 }),
  epoch: fc.nat({ max: 3 }),
  epochs: fc.nat({ max: 3 }),
});

describe("mixtureBatches", () => {
  it("is the order of the mixture, cut into batches", async () => {
    await fc.assert(
      fc.asyncProperty(settings, async ({ sizes, ...options }) => {
        const parts = made(sizes);
        const list = await all(mixtureBatches(parts, options));
        const order = mixture(
          parts.map(({ examples, weight }) => ({ size: examples.length, weight })),
          options,
        );
        const wanted = Array.from({ length: order.length * options.epochs }, (_, i) =>
          order.at(options.epoch * order.length + i),
        );
        expect(list.flat()).toEqual(wanted);
        for (const batch of list.slice(0, -1)) expect(batch).toHaveLength(options.size);
      }),
    );
  });

  it("resumes at any batch as if it had never stopped", async () => {
    await fc.assert(
      fc.asyncProperty(settings, fc.nat({ max: 10 }), async ({ sizes, ...options }, start) => {
        const parts = made(sizes);
        const whole = await all(mixtureBatches(parts, options));
        expect(await all(mixtureBatches(parts, { ...options, start }))).toEqual(whole.slice(start));
      }),
    );
  });

  it("takes lists that are read on demand, and reads nothing else", async () => {
    const read: number[] = [];
    const squares = {
      length: 1000,
      get: async (index: number) => {
        read.push(index);
        return index * index;
      },
    };
    const [batch] = await all(mixtureBatches([{ examples: squares }], { size: 4, seed: 1, epoch: 7 })).then(
      (list) => {
        expect(list).toHaveLength(250);
        return list;
      },
    );
    expect(batch).toEqual(read.slice(0, 4).map((index) => index * index));
    expect(new Set(read).size).toBe(1000);
  });

  it("drops what is left at the very end when asked to", async () => {
    const parts = made([3, 4]);
    expect(await all(mixtureBatches(parts, { size: 4, seed: 1, last: "drop" }))).toHaveLength(1);
    expect((await all(mixtureBatches(parts, { size: 4, seed: 1 }))).map((batch) => batch.length)).toEqual([
      4, 3,
    ]);
  });

  it.each<[string, BatchOptions, Error]>([
    ["size 0", { size: 0, seed: 1 }, new RangeError('mixtureBatches: "size" must be at least 1, got 0')],
    [
      "half a start",
      { size: 1, seed: 1, start: 0.5 },
      new RangeError('mixtureBatches: "start" must be an integer of at least 0, got 0.5'),
    ],
    [
      "a start behind all positions",
      { size: 2, seed: 1, start: 2 ** 48 },
      new RangeError(`mixtureBatches: "start" must be an integer in [0, ${2 ** 47}], got ${2 ** 48}`),
    ],
  ])("refuses %s at once", (_, options, error) => {
    expect(() => mixtureBatches(made([1]), options)).toThrow(error);
  });

  it("refuses a part without examples", () => {
    expect(() => mixtureBatches([{ examples: [] }], { size: 1, seed: 1 })).toThrow(
      new RangeError('mixtureBatches: "examples" must hold at least one, got an array of 0'),
    );
  });

  it("refuses parts and options that are none", () => {
    // @ts-expect-error no part
    expect(() => mixtureBatches([null], { size: 1, seed: 1 })).toThrow(
      new TypeError('mixtureBatches: "parts" must hold { examples, weight }, got null'),
    );
    // @ts-expect-error no examples
    expect(() => mixtureBatches([{}], { size: 1, seed: 1 })).toThrow(
      new TypeError('mixtureBatches: "examples" must be an array or a list, got undefined'),
    );
    // @ts-expect-error no options
    expect(() => mixtureBatches([{ examples: [1] }])).toThrow(
      new TypeError('mixtureBatches: "options" must be { size, seed }, got undefined'),
    );
  });
});
