import { matrix } from "@colm/array";
import {
  distances,
  facilityLocation,
  featureBased,
  maximize,
  mixture,
  randGreedi,
  refine,
  restrict,
  selectMedoids,
  sieveStreaming,
  similarity,
  threeSieves,
} from "@colm/submodular";
import { describe, expect, it } from "vitest";
import { untyped } from "./oracle.ts";

const s = matrix(Float32Array.of(1, 0.5, 0.5, 1), 2, 2);
const f = facilityLocation(s);

describe("what is no set function or no function", () => {
  it("is refused where one is wanted", () => {
    const wanted = (name: string, got: string): TypeError =>
      new TypeError(`${name} must be a set function, got ${got}`);
    expect(() => untyped(maximize)(undefined, { count: 1 })).toThrow(wanted('maximize: "f"', "undefined"));
    expect(() => untyped(restrict)(null, [])).toThrow(wanted('restrict: "f"', "null"));
    expect(() => untyped(mixture)([f, 3], [1, 1])).toThrow(wanted('mixture: "functions[1]"', "3"));
  });

  it("is refused by streams and shards before the first item", async () => {
    const options = { count: 1, shards: 1, seed: 1 };
    const rejects = (promise: unknown, message: string): Promise<void> =>
      expect(promise).rejects.toThrow(new TypeError(message));
    await rejects(untyped(randGreedi)("f", options), 'randGreedi: "f" must be a set function, got "f"');
    await rejects(
      untyped(randGreedi)(f, { ...options, select: 5 }),
      'randGreedi: "select" must be a function, got 5',
    );
    await rejects(
      untyped(randGreedi)(f, { ...options, seed: undefined }),
      'randGreedi: "seed" must be a number, got undefined',
    );
    await rejects(
      untyped(threeSieves)(5, () => f.start(), { count: 1 }),
      'threeSieves: "stream" must be iterable, got 5',
    );
    await rejects(
      untyped(sieveStreaming)([1], f, { count: 1 }),
      'sieveStreaming: "start" must be a function, got an object of kind Object',
    );
  });
});

describe("options", () => {
  const calls: Record<string, (options: unknown) => unknown> = {
    maximize: (options) => untyped(maximize)(f, options),
    similarity: (options) => untyped(similarity)(s, options),
    distances: (options) => untyped(distances)(s, options),
    selectMedoids: (options) => untyped(selectMedoids)(s, options),
    refine: (options) => untyped(refine)(s, [0], options),
    randGreedi: (options) => untyped(randGreedi)(f, options),
    sieveStreaming: (options) => untyped(sieveStreaming)([0], () => f.start(), options),
    threeSieves: (options) => untyped(threeSieves)([0], () => f.start(), options),
  };

  it.each(Object.entries(calls))(
    "are what they are called, or refused by name before any work: %s",
    async (name, call) => {
      const refuse = (options: unknown, message: string): Promise<void> =>
        expect(async () => call(options)).rejects.toThrow(new TypeError(`${name}: ${message}`));
      await refuse(null, '"options" must be an object, got null');
      await refuse({ signal: {} }, '"signal" must be an AbortSignal, got an object of kind Object');
      await refuse({ onProgress: 5 }, '"onProgress" must be a function, got 5');
    },
  );
});

describe("settings", () => {
  it("of selectMedoids are checked by its own name, before any distance", () => {
    const refuse = (options: object, message: string): void => {
      expect(() => untyped(selectMedoids)(s, { count: 1, metric: "l1", ...options })).toThrow(
        new RangeError(`selectMedoids: ${message}`),
      );
    };
    refuse({ method: "fast" }, '"method" must be "exact" or "lazy", got "fast"');
    refuse({ ties: "first" }, '"ties" must be "low" or "high", got "first"');
    refuse({ metric: "l3" }, '"metric" must be "l1", "l2", "cosine" or "dot", got "l3"');
    refuse({ count: 3 }, '"count" must be an integer in [0, 2], got 3');
  });

  it("that leave float32 are refused before the first gain", () => {
    const wide = matrix(Float64Array.of(1, 3e39, 0, 1), 2, 2);
    expect(() => facilityLocation(wide)).toThrow(
      new RangeError('facilityLocation: "similarity" must be within float32, got 3e+39 at [0, 1]'),
    );
    expect(() => refine(wide, [0])).toThrow(
      new RangeError('refine: "similarity" must be within float32, got 3e+39 at [0, 1]'),
    );
    const sparse = { shape: [2, 2] as const, starts: Int32Array.of(0, 0, 1), columns: Int32Array.of(1) };
    const heavy = { weights: [1, 10] };
    const large = matrix(Float32Array.of(1, 0, 0, 3e38), 2, 2);
    for (const similarity of [large, { ...sparse, values: Float32Array.of(3e38) }]) {
      expect(() => facilityLocation(similarity, heavy)).toThrow(
        new RangeError('facilityLocation: "weights" must keep entries within float32, got Infinity at 1'),
      );
    }
  });

  it("are there or not: null and 0 are neither", () => {
    for (const options of [{ weights: null }, { groups: 0 }]) {
      expect(() => untyped(facilityLocation)(s, options)).toThrow(
        new TypeError(
          `facilityLocation: "${Object.keys(options)[0]}" must be an array of numbers, got ${Object.values(options)[0]}`,
        ),
      );
    }
    const stop = new AbortController();
    stop.abort(new Error("enough"));
    expect(() => selectMedoids(s, { count: 0, metric: "l1", signal: stop.signal })).toThrow("enough");
  });

  it("of groups are integers", () => {
    expect(() => facilityLocation(s, { groups: [0, 0.5] })).toThrow(
      new RangeError('facilityLocation: "groups" must be integers in [0, Infinity), got 0.5 at 1'),
    );
  });
});

describe("a cap on features", () => {
  const features = matrix(Float32Array.of(4, 0, 12, 0, 0, 9), 3, 2);

  it("lets totals count up to it, so that gains still fall", () => {
    const capped = featureBased(features, { cap: 9 });
    expect(capped.value([0])).toBe(2);
    expect(capped.value([0, 1])).toBe(3);
    expect(capped.value([0, 1, 2])).toBe(6);
    expect(maximize(capped, { count: 3, method: "lazy" }).indices).toEqual(Int32Array.of(1, 2, 0));
    expect(featureBased(features, { concave: (x) => x, cap: 5 }).value([0, 1, 2])).toBe(10);
  });

  it("is above 0", () => {
    for (const cap of [0, -1, Number.NaN, "2"]) {
      expect(() => untyped(featureBased)(features, { cap })).toThrow(
        new RangeError(`featureBased: "cap" must be above 0, got ${cap}`),
      );
    }
  });
});
