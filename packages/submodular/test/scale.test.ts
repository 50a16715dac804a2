import { matrix, normal, permutation } from "@colm/array";
import {
  disparitySum,
  facilityLocation,
  graphCut,
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

  it("keeps its shards to itself", async () => {
    const weights = Float64Array.from({ length: 10 }, (_, j) => j);
    const select = (items: Int32Array, count: number): Int32Array => {
      const chosen = items.sort((a, b) => weights[b] - weights[a]).slice(0, count);
      structuredClone(items, { transfer: [items.buffer] });
      return chosen;
    };
    const found = await randGreedi(modular(weights), { count: 3, shards: 2, seed: 1, select });
    expect(Array.from(found.indices)).toEqual([9, 8, 7]);
  });

  it("takes no choice that is something else, and no function that is not submodular", async () => {
    let asked = 0;
    const returns = (chosen: unknown) => ({
      count: 2,
      shards: 2,
      seed: 1,
      select() {
        asked++;
        return chosen;
      },
    });
    for (const chosen of [[0.7, 1.2], [Number.NaN], [2 ** 32 + 1], ["0"]]) {
      await expect(untyped(randGreedi)(f, returns(chosen))).rejects.toThrow(
        'randGreedi: "select" must be integers in [0, ',
      );
    }
    for (const chosen of ["01", 5, null, undefined]) {
      await expect(untyped(randGreedi)(f, returns(chosen))).rejects.toThrow(
        'randGreedi: "select" must be an array of numbers',
      );
    }
    asked = 0;
    const far = disparitySum(matrix(Float32Array.of(0, 1, 1, 0), 2, 2));
    await expect(untyped(randGreedi)(far, returns([0]))).rejects.toThrow(
      'randGreedi: "f" must be submodular, got one that is not',
    );
    expect(asked).toBe(0);
  });

  it("has a bound that holds for functions that can fall as well", async () => {
    await fc.assert(
      fc.asyncProperty(dyadicMatrix(5, 5), fc.integer({ min: 0, max: 99 }), async (s, seed) => {
        const cut = graphCut(matrix(Float64Array.from(s.data, Math.abs), 5, 5), { lambda: 0.75 });
        const { value, upperBound } = await randGreedi(cut, { count: 3, shards: 2, seed });
        const best = optimum(cut, 3);
        expect(value).toBeLessThanOrEqual(best);
        expect(upperBound).toBeGreaterThanOrEqual(best);
      }),
    );
  });
});

describe("streams and shards", () => {
  it("end before the next item once they are told to", async () => {
    const reason = new Error("enough");
    const watched = (at: number) => {
      const stop = new AbortController();
      let last = 0;
      const onProgress = (done: number): void => {
        last = done;
        if (done === at) stop.abort(reason);
      };
      return { signal: stop.signal, onProgress, last: () => last };
    };
    for (const read of [sieveStreaming, threeSieves]) {
      const run = watched(3);
      await expect(read(arriving(order), () => f.start(), { count: 5, ...run })).rejects.toBe(reason);
      expect(run.last()).toBe(3);
    }
    const run = watched(2);
    await expect(randGreedi(f, { count: 5, shards: 4, seed: 1, ...run })).rejects.toBe(reason);
    expect(run.last()).toBe(2);
  });

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
      "sieveStreaming: gains must be numbers below Infinity, got NaN at item 0",
    );
    const later = (): { gain: () => unknown; add: () => void } => {
      let size = 0;
      return { gain: () => (size > 0 ? Number.NaN : 1), add: () => void size++ };
    };
    for (const read of [untyped(sieveStreaming), untyped(threeSieves)]) {
      await expect(read([1, 2, 3], later, { count: 2 })).rejects.toThrow(
        "gains must be numbers below Infinity, got NaN at item 1",
      );
      for (const gain of [Number.POSITIVE_INFINITY, "1"]) {
        await expect(read([1], () => ({ gain: () => gain, add: () => {} }), { count: 1 })).rejects.toThrow(
          `gains must be numbers below Infinity, got ${gain} at item 0`,
        );
      }
    }
    await expect(sieve([], start, { count: 1, epsilon: 1e-9 })).rejects.toThrow(
      '"epsilon" must be at least 0.0001, got 1e-9',
    );
    const tiny = { gain: () => Number.MIN_VALUE, add: () => {} };
    expect((await sieveStreaming([1, 2], () => tiny, { count: 1 })).seen).toBe(2);
    await expect(randGreedi(f, { count: 1, shards: 0, seed: 1 })).rejects.toThrow(
      'randGreedi: "shards" must be at least 1, got 0',
    );
    expect(() => restrict(f, [1, 1])).toThrow('restrict: "items" must be distinct, got 1 again at 1');
    expect(() => logDeterminantStream({ kernel: () => 1, regularization: 0 })).toThrow(
      'logDeterminantStream: "regularization" must be above 0, got 0',
    );
  });
});
