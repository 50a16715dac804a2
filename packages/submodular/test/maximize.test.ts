import { matrix, uniform } from "@colm/array";
import { facilityLocation, maximize, type SetFunction } from "@colm/submodular";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dyadicMatrix, dyadicProblem, naiveGreedy, optimum, strided, untyped } from "./oracle.ts";

const eye = facilityLocation(matrix(Float32Array.of(1, 0.5, 0, 0.5, 1, 0, 0, 0, 1), 3, 3));

/** f(S) = |S|^2: gains rise. */
const square: SetFunction = {
  size: 3,
  monotone: true,
  submodular: false,
  value: (set) => set.length ** 2,
  start: (initial = []) => {
    let size = initial.length;
    return {
      gain: () => 2 * size + 1,
      add: () => {
        size++;
      },
    };
  },
};

describe("maximize", () => {
  it("adds the item of largest gain, again and again", () => {
    const found = maximize(eye, { count: 3 });
    expect(Array.from(found.indices)).toEqual([0, 2, 1]);
    expect(Array.from(found.gains)).toEqual([1.5, 1, 0.5]);
    expect(found.value).toBe(3);
    expect(found.upperBound).toBe(3);
  });

  it("breaks ties as asked", () => {
    expect(maximize(eye, { count: 1 }).indices[0]).toBe(0);
    expect(maximize(eye, { count: 1, ties: "high" }).indices[0]).toBe(1);
  });

  it("is greedy from the definition, whatever the method", () => {
    fc.assert(
      fc.property(dyadicProblem, ({ s, count }) => {
        const f = facilityLocation(s);
        const expected = naiveGreedy(f, count);
        expect(Array.from(maximize(f, { count }).indices)).toEqual(expected);
        expect(Array.from(maximize(f, { count, method: "lazy" }).indices)).toEqual(expected);
        expect(Array.from(maximize(f, { count, ties: "high" }).indices)).toEqual(
          naiveGreedy(f, count, "high"),
        );
      }),
    );
  });

  it("chooses distinct items with gains that never rise and sum to the value", () => {
    fc.assert(
      fc.property(dyadicProblem, fc.constantFrom("exact", "lazy"), ({ s, count }, method) => {
        const found = maximize(facilityLocation(s), { count, method, ties: "high" });
        expect(new Set(found.indices).size).toBe(count);
        expect(found.gains).toEqual(found.gains.toSorted().reverse());
        expect(found.gains.reduce((a, b) => a + b, 0)).toBe(found.value);
        expect(found.value).toBe(facilityLocation(s).value(found.indices));
      }),
    );
  });

  it("certifies: no choice beats the bound, and greedy keeps its promise", () => {
    fc.assert(
      fc.property(dyadicProblem, fc.constantFrom("exact", "lazy"), ({ s, count }, method) => {
        const f = facilityLocation(s);
        const best = optimum(f, count);
        const found = maximize(f, { count, method });
        expect(found.upperBound).toBeGreaterThanOrEqual(best);
        expect(found.value).toBeGreaterThanOrEqual((1 - (1 - 1 / Math.max(1, count)) ** count) * best);
      }),
    );
  });

  it("chooses among duplicates and zero rows as from the definition", () => {
    const doubled = fc.record({
      s: dyadicMatrix(4, 5),
      picks: fc.array(fc.nat(4), { minLength: 8, maxLength: 8 }),
    });
    fc.assert(
      fc.property(
        doubled,
        fc.integer({ min: 0, max: 8 }),
        fc.constantFrom("low", "high"),
        ({ s, picks }, count, ties) => {
          // columns twice or more, and rows: each once, once more, and one of zeros
          const all = matrix(new Float32Array(9 * 8), 9, 8);
          for (let i = 0; i < 8; i++) for (let j = 0; j < 8; j++) all.set(i, j, s.get(i % 4, picks[j]));
          const f = facilityLocation(all);
          const found = maximize(f, { count, ties });
          expect(Array.from(found.indices)).toEqual(naiveGreedy(f, count, ties));
          expect(found.value).toBe(f.value(found.indices));
        },
      ),
    );
  });

  it("follows a permutation of the candidates where nothing ties", () => {
    const data = Float32Array.from(uniform(new Float64Array(20 * 12), { seed: 5 }));
    const order = Int32Array.from([3, 11, 0, 7, 5, 1, 10, 2, 8, 4, 9, 6]);
    const moved = data.map((_, p) => data[p - (p % 12) + order[p % 12]]);
    const found = maximize(facilityLocation(matrix(data, 20, 12)), { count: 6 });
    const other = maximize(facilityLocation(matrix(moved, 20, 12)), { count: 6 });
    expect(other.indices.map((i) => order[i])).toEqual(found.indices);
    expect(other.gains).toEqual(found.gains);
  });

  it("settles gains that differ by rounding alone as from-scratch sums do", () => {
    // entries that are not exact in binary, each candidate twice: all gains tie in pairs
    const half = uniform(new Float64Array(50 * 20), { seed: 1 });
    const data = Float32Array.from({ length: 50 * 40 }, (_, p) => half[Math.floor(p / 40) * 20 + (p % 20)]);
    const f = facilityLocation(matrix(data, 50, 40));
    for (const ties of ["low", "high"] as const) {
      const { indices } = maximize(f, { count: 20, ties });
      for (const item of indices.subarray(0, 10)) expect(item >= 20).toBe(ties === "high");
    }
    expect(maximize(f, { count: 40 })).toEqual({
      ...maximize(f, { count: 40, method: "lazy" }),
      evaluations: expect.any(Number),
      upperBound: expect.any(Number),
    });
  });

  it("reads any strides", () => {
    fc.assert(
      fc.property(dyadicProblem, ({ s, count }) => {
        expect(maximize(facilityLocation(strided(s)), { count })).toEqual(
          maximize(facilityLocation(s), { count }),
        );
      }),
    );
  });

  it("goes on from an initial set, which it does not list", () => {
    const found = maximize(eye, { count: 2, initial: [1] });
    expect(Array.from(found.indices)).toEqual([2, 0]);
    expect(found.value).toBe(3);
  });

  it("gives the rest of a run when the first part is its initial set", () => {
    fc.assert(
      fc.property(dyadicMatrix(6, 6), fc.integer({ min: 0, max: 6 }), (s, split) => {
        const f = facilityLocation(s);
        const whole = maximize(f, { count: 6 });
        const rest = maximize(f, { count: 6 - split, initial: whole.indices.slice(0, split) });
        expect(rest.indices).toEqual(whole.indices.slice(split));
      }),
    );
  });

  it("stops before an item that gains too little", () => {
    for (const method of ["exact", "lazy"] as const) {
      expect(Array.from(maximize(eye, { count: 3, method, minGain: 1 }).indices)).toEqual([0, 2]);
      expect(maximize(eye, { count: 3, method, minGain: 2 }).indices).toEqual(new Int32Array());
    }
  });

  it("takes nothing from nothing", () => {
    const empty = facilityLocation(matrix(new Float32Array(), 0, 0));
    for (const method of ["exact", "lazy"] as const) {
      expect(maximize(empty, { count: 0, method }).value).toBe(0);
      expect(maximize(eye, { count: 0, method })).toMatchObject({ value: 0, upperBound: 0 });
    }
  });

  it("maximises functions of the caller's, without a bound where gains may rise", () => {
    const found = maximize(square, { count: 2 });
    expect(found).toMatchObject({ value: 4, upperBound: Number.POSITIVE_INFINITY, evaluations: 6 });
    expect(Array.from(found.gains)).toEqual([1, 3]);
  });

  it("bounds a function that may fall by its first gains alone", () => {
    // f(S) = 1 for one item, 0 otherwise: after one choice every gain is -1, the optimum stays 1
    const single: SetFunction = {
      size: 2,
      monotone: false,
      submodular: true,
      value: (set) => (set.length === 1 ? 1 : 0),
      start: (initial = []) => {
        let size = initial.length;
        return {
          gain: () => (size === 0 ? 1 : -1),
          add: () => {
            size++;
          },
        };
      },
    };
    expect(maximize(single, { count: 2 })).toMatchObject({ value: 0, upperBound: 2 * (1 + 2 ** -23) });
    expect(maximize(single, { count: 2, minGain: 0 }).value).toBe(1);
  });

  it("gives up when it is told to", () => {
    const stop = new AbortController();
    stop.abort(new Error("enough"));
    expect(() => maximize(eye, { count: 2, signal: stop.signal })).toThrow("enough");
  });

  it("refuses bad settings before any work", () => {
    const refuse = (options: object, message: string): void => {
      expect(() => untyped(maximize)(eye, options)).toThrow(message);
    };
    refuse({ count: 4 }, 'maximize: "count" must be an integer in [0, 3], got 4');
    refuse({ count: -1 }, 'maximize: "count" must be an integer in [0, 3], got -1');
    refuse({ count: 1.5 }, 'maximize: "count" must be an integer in [0, 3], got 1.5');
    refuse({ count: "2" }, 'maximize: "count" must be a number, got "2"');
    refuse({ count: 3, initial: [0] }, 'maximize: "count" must be an integer in [0, 2], got 3');
    refuse({ count: 1, initial: [3] }, 'maximize: "initial" must be integers in [0, 3), got 3 at 0');
    refuse({ count: 1, ties: "first" }, 'maximize: "ties" must be "low" or "high", got "first"');
    refuse(
      { count: 1, method: "fast" },
      'maximize: "method" must be "exact", "lazy" or "stochastic", got "fast"',
    );
    refuse({ count: 1, minGain: Number.NaN }, 'maximize: "minGain" must be a number, got NaN');
    expect(() => untyped(maximize)(square, { count: 1, method: "lazy" })).toThrow(
      new RangeError(
        'maximize: "method" must be "exact" or "stochastic" as the function is not submodular, got "lazy"',
      ),
    );
    const broken: SetFunction = { ...square, start: () => ({ gain: () => Number.NaN, add: () => {} }) };
    expect(() => maximize(broken, { count: 1 })).toThrow(
      new RangeError('maximize: "f" must have numbers as gains, got NaN at 0'),
    );
  });
});
