import { matrix, normal, permutation } from "@colm/array";
import {
  facilityLocation,
  logDeterminant,
  logDeterminantStream,
  maximize,
  modular,
  randGreedi,
  restrict,
  sieveStreaming,
  similarity,
  threeSieves,
} from "@colm/submodular";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dyadicMatrix, optimum, untyped } from "./oracle.ts";

const points = matrix(normal(new Float32Array(300 * 4), { seed: 11 }), 300, 4);
const f = facilityLocation(similarity(points, { metric: "l2" }));
const order = Array.from(permutation(300, { seed: 2 }));

async function* arriving<T>(items: T[]): AsyncGenerator<T> {
  for (const item of items) yield item;
}

describe("sieveStreaming", () => {
  it("keeps at least half of the optimum, less epsilon, in one pass", async () => {
    await fc.assert(
      fc.asyncProperty(dyadicMatrix(7, 9), fc.integer({ min: 1, max: 4 }), async (s, count) => {
        const g = facilityLocation(s);
        const items = Array.from({ length: 9 }, (_, j) => j);
        const found = await sieveStreaming(items, () => g.start(), { count, epsilon: 0.1 });
        expect(found.items.length).toBeLessThanOrEqual(count);
        expect(found.value).toBe(g.value(found.items));
        expect(found.value).toBeGreaterThanOrEqual((0.5 - 0.1) * optimum(g, count));
      }),
    );
  });

  it("reads an async stream once, and says how far it is", async () => {
    const seen: number[] = [];
    const onProgress = (n: number): void => {
      seen.push(n);
    };
    const found = await sieveStreaming(arriving(order), () => f.start(), { count: 10, onProgress });
    expect(seen.at(-1)).toBe(300);
    expect(found.seen).toBe(300);
    expect(found.value).toBeGreaterThan(0.8 * maximize(f, { count: 10 }).value);
  });

  it("keeps nothing of nothing", async () => {
    expect(await sieveStreaming([], () => f.start(), { count: 3 })).toMatchObject({ items: [], value: 0 });
    const zeros = modular([0, 0]);
    expect(await sieveStreaming([0, 1], () => zeros.start(), { count: 1 })).toMatchObject({ items: [] });
  });
});

describe("upper bounds of streams", () => {
  it("are never below the best choice, and say something", async () => {
    let tight = 0;
    await fc.assert(
      fc.asyncProperty(dyadicMatrix(7, 9), fc.integer({ min: 1, max: 4 }), async (s, count) => {
        const g = facilityLocation(s);
        const items = Array.from({ length: 9 }, (_, j) => j);
        const best = optimum(g, count);
        const sieves = await sieveStreaming(items, () => g.start(), { count });
        for (const patience of [1, 3]) {
          const three = await threeSieves(items, () => g.start(), { count, patience });
          expect(three.upperBound).toBeGreaterThanOrEqual(best);
          if (three.upperBound < 3 * three.value) tight++;
        }
        expect(sieves.upperBound).toBeGreaterThanOrEqual(best);
        expect(sieves.upperBound).toBeLessThanOrEqual(3 * sieves.value + 1e-9);
      }),
    );
    expect(tight).toBeGreaterThan(100);
    const nothing = await sieveStreaming([], () => f.start(), { count: 3 });
    expect(nothing.upperBound).toBe(0);
  });
});

describe("threeSieves", () => {
  it("comes near to greedy on items in random order, with one summary", async () => {
    const { value } = maximize(f, { count: 10 });
    const found = await threeSieves(arriving(order), () => f.start(), { count: 10, patience: 5 });
    expect(found.items.length).toBe(10);
    expect(found.value).toBeGreaterThan(0.8 * value);
  });

  it("starts anew when a larger single item comes", async () => {
    const g = modular([1, 1, 100]);
    expect((await threeSieves([0, 1, 2], () => g.start(), { count: 2 })).items).toEqual([2]);
  });
});

describe("logDeterminantStream", () => {
  it("has the gains of logDeterminant on the kernel of its items", () => {
    const kernel = similarity(points, { metric: "dot" });
    const known = logDeterminant(kernel, { regularization: 0.5 }).start();
    const start = logDeterminantStream<number>({ kernel: (a, b) => kernel.get(a, b), regularization: 0.5 });
    const growing = start();
    for (const item of [3, 100, 7, 250]) {
      for (const other of [0, 5, 299]) expect(growing.gain(other)).toBeCloseTo(known.gain(other), 9);
      growing.add(item);
      known.add(item);
    }
    expect(start().gain(3)).toBeCloseTo(Math.log(kernel.get(3, 3) + 0.5), 12);
  });
});

describe("randGreedi", () => {
  it("is within its factor of the optimum and below its bound, for any number of shards", async () => {
    await fc.assert(
      fc.asyncProperty(
        dyadicMatrix(6, 8),
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: 1, max: 9 }),
        async (s, count, shards) => {
          const g = facilityLocation(s);
          const found = await randGreedi(g, { count, shards, seed: 5 });
          const best = optimum(g, count);
          expect(found.value).toBe(g.value(found.indices));
          expect(found.upperBound).toBeGreaterThanOrEqual(best);
          expect(found.value).toBeGreaterThanOrEqual(best / 4);
          if (shards === 1) expect(found.value).toBe(maximize(g, { count }).value);
        },
      ),
    );
  });

  it("lets somebody else choose from each part, and repeats itself for a seed", async () => {
    const options = { count: 12, shards: 4, seed: 9 };
    const asked: number[] = [];
    const found = await randGreedi(f, {
      ...options,
      select: async (items, count) => {
        asked.push(items.length);
        const part = maximize(restrict(f, items), { count });
        return part.indices.map((t) => items[t]);
      },
    });
    expect(asked).toEqual([75, 75, 75, 75]);
    expect((await randGreedi(f, options)).indices).toEqual(found.indices);
    expect(found.value).toBeGreaterThan(0.95 * maximize(f, { count: 12 }).value);
    await expect(randGreedi(f, { ...options, select: () => [0, 1] })).rejects.toThrow(
      '"select" must choose from',
    );
  });
});

describe("streams and shards", () => {
  it("refuse bad settings", async () => {
    const start = (): ReturnType<typeof f.start> => f.start();
    const sieve = untyped(sieveStreaming);
    await expect(sieve([], start, { count: 0 })).rejects.toThrow(
      'sieveStreaming: "count" must be at least 1, got 0',
    );
    await expect(sieve([], start, { count: 1, epsilon: 1 })).rejects.toThrow(
      '"epsilon" must be in (0, 1), got 1',
    );
    await expect(threeSieves([], start, { count: 1, patience: 0 })).rejects.toThrow(
      'threeSieves: "patience" must be at least 1, got 0',
    );
    const nan = { gain: () => Number.NaN, add: () => {} };
    await expect(sieveStreaming([1], () => nan, { count: 1 })).rejects.toThrow(
      "sieveStreaming: gains must be numbers, got NaN at item 0",
    );
    await expect(randGreedi(f, { count: 1, shards: 0, seed: 1 })).rejects.toThrow(
      'randGreedi: "shards" must be at least 1, got 0',
    );
    expect(() => restrict(f, [1, 1])).toThrow('restrict: "items" must be distinct, got 1 again at 1');
    expect(() => logDeterminantStream({ kernel: () => 1, regularization: 0 })).toThrow(
      'logDeterminantStream: "regularization" must be above 0, got 0',
    );
  });
});
