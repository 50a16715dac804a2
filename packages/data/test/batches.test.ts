import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BatchOptions, batches } from "../src/index.ts";

async function all(n: number, options: BatchOptions): Promise<number[][]> {
  const list: number[][] = [];
  const numbers = Int32Array.from({ length: n }, (_, i) => i);
  for await (const batch of batches(numbers, options)) list.push(batch);
  return list;
}

const sizes = fc.record({
  n: fc.integer({ min: 1, max: 20 }),
  size: fc.integer({ min: 1, max: 8 }),
  seed: fc.integer({ min: 0, max: 1000 }),
  epoch: fc.integer({ min: 0, max: 5 }),
  epochs: fc.integer({ min: 0, max: 4 }),
});

describe("batches", () => {
  it("gives every example once in an epoch, all batches full but the last", async () => {
    const list = await all(10, { size: 4, seed: 1 });
    expect(list.map((batch) => batch.length)).toEqual([4, 4, 2]);
    expect(list.flat().toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("shuffles by seed and epoch", async () => {
    const first = await all(50, { size: 50, seed: 1 });
    expect(await all(50, { size: 50, seed: 1 })).toEqual(first);
    expect(await all(50, { size: 50, seed: 2 })).not.toEqual(first);
    expect(await all(50, { size: 50, seed: 1, epoch: 1 })).not.toEqual(first);
  });

  it("is the shuffles of the epochs one after another, cut into batches", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, async ({ n, size, seed, epoch, epochs }) => {
        const single: number[] = [];
        for (let e = epoch; e < epoch + epochs; e++) {
          single.push(...(await all(n, { size: n, seed, epoch: e })).flat());
        }
        const list = await all(n, { size, seed, epoch, epochs });
        expect(list.flat()).toEqual(single);
        for (const batch of list.slice(0, -1)) expect(batch).toHaveLength(size);
      }),
    );
  });

  it("resumes at any batch as if it had never stopped", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat({ max: 12 }), async ({ n, ...options }, start) => {
        const whole = await all(n, options);
        expect(await all(n, { ...options, start })).toEqual(whole.slice(start));
      }),
    );
  });

  it("drops what is left at the very end when asked to", async () => {
    expect((await all(10, { size: 4, seed: 1, last: "drop" })).flat()).toHaveLength(8);
    expect(await all(3, { size: 4, seed: 1, last: "drop" })).toEqual([]);
    expect((await all(10, { size: 4, seed: 1, epochs: 2, last: "drop" })).flat()).toHaveLength(20);
  });

  it("goes on without end, also with batches larger than the data, and from far away", async () => {
    const endless = batches([0, 1, 2], {
      size: 7,
      seed: 1,
      epochs: Number.POSITIVE_INFINITY,
      start: 10 ** 6,
    });
    let seen = 0;
    for await (const batch of endless) {
      expect(batch).toHaveLength(7);
      if (++seen === 5) break;
    }
  });

  it("leaves examples alone and gives them as they are", async () => {
    const examples = Object.freeze([{ a: 1 }, { a: 2 }]);
    for await (const batch of batches(examples, { size: 2, seed: 1 })) {
      expect(batch.every((example) => examples.includes(example))).toBe(true);
    }
  });

  it.each<[string, number, BatchOptions, Error]>([
    [
      "no examples",
      0,
      { size: 1, seed: 1 },
      new RangeError('batches: "examples" must hold at least one, got a Int32Array of 0'),
    ],
    ["size 0", 3, { size: 0, seed: 1 }, new RangeError('batches: "size" must be at least 1, got 0')],
    [
      "half a size",
      3,
      { size: 0.5, seed: 1 },
      new RangeError('batches: "size" must be an integer of at least 0, got 0.5'),
    ],
    [
      "a negative seed",
      3,
      { size: 1, seed: -1 },
      new RangeError('batches: "seed" must be an integer of at least 0, got -1'),
    ],
    [
      "a negative start",
      3,
      { size: 1, seed: 1, start: -1 },
      new RangeError('batches: "start" must be an integer of at least 0, got -1'),
    ],
    [
      "half an epoch",
      3,
      { size: 1, seed: 1, epoch: 0.5 },
      new RangeError('batches: "epoch" must be an integer in [0, 4294967295], got 0.5'),
    ],
    [
      "NaN epochs",
      3,
      { size: 1, seed: 1, epochs: Number.NaN },
      new RangeError('batches: "epochs" must be an integer in [0, 4294967296], got NaN'),
    ],
  ])("refuses %s at once", (_, n, options, error) => {
    expect(() => batches(new Int32Array(n), options)).toThrow(error);
  });

  it("refuses a start behind the last stream of draws, when it is called", () => {
    const endless = { size: 2, seed: 1, epochs: Number.POSITIVE_INFINITY };
    const most = (2 ** 32 * 3) / 2 - 1;
    expect(() => batches([1, 2, 3], { ...endless, start: 2 ** 40 })).toThrow(
      new RangeError(`batches: "start" must be an integer in [0, ${most}], got ${2 ** 40}`),
    );
    expect(() => batches([1, 2, 3], { ...endless, start: most })).not.toThrow();
  });

  it("gives the last batch of the last stream", async () => {
    const most = (2 ** 32 * 3) / 2 - 1;
    const start = { size: 2, seed: 1, epochs: Number.POSITIVE_INFINITY, start: most };
    for await (const batch of batches([1, 2, 3], start)) {
      expect(batch).toHaveLength(2);
      break;
    }
  });

  it("refuses what are no examples and no options", () => {
    // @ts-expect-error no examples
    expect(() => batches(null, { size: 1, seed: 1 })).toThrow(
      new TypeError('batches: "examples" must be an array or a list, got null'),
    );
    // @ts-expect-error no options
    expect(() => batches([1])).toThrow(
      new TypeError('batches: "options" must be { size, seed }, got undefined'),
    );
  });

  it("refuses another rule for the last batch", () => {
    // @ts-expect-error no such rule
    expect(() => batches([1], { size: 1, seed: 1, last: "wrap" })).toThrow(
      new RangeError('batches: "last" must be "keep" or "drop", got "wrap"'),
    );
  });
});
