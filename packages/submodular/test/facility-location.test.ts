import { matrix } from "@colm/array";
import { facilityLocation } from "@colm/submodular";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dyadicProblem, strided } from "./oracle.ts";

// points 0 and 1 are alike, point 2 stands alone and is unlike point 0
const s = matrix(Float32Array.of(1, 0.5, -1, 0.5, 1, 0, -1, 0, 2), 3, 3);

describe("facilityLocation", () => {
  it("adds up the best similarity of every point", () => {
    const f = facilityLocation(s);
    expect(f.value([])).toBe(0);
    expect(f.value([0])).toBe(1 + 0.5 + 0);
    expect(f.value([0, 2])).toBe(1 + 0.5 + 2);
    expect(f.value([2, 0, 1])).toBe(1 + 1 + 2);
    expect([f.size, f.monotone, f.submodular]).toEqual([3, true, true]);
  });

  it("represents other points than its candidates", () => {
    const f = facilityLocation(matrix(Float32Array.of(3, 1, 2, 5), 1, 4));
    expect(f.size).toBe(4);
    expect(f.value([1, 2])).toBe(2);
  });

  it("has gains that are differences of values, and keeps them while the set grows", () => {
    fc.assert(
      fc.property(dyadicProblem, ({ s: any, count }) => {
        const f = facilityLocation(any);
        const [plain, keeping] = [f.start(), f.start()];
        const out = new Float64Array(f.size);
        const set: number[] = [];
        for (let item = 0; item < count; item++) {
          keeping.gains?.(out);
          for (let j = item; j < f.size; j++) {
            const gain = f.value([...set, j]) - f.value(set);
            expect(plain.gain(j)).toBe(gain);
            expect(keeping.gain(j)).toBe(gain);
            expect(out[j]).toBe(gain);
          }
          plain.add(item);
          keeping.add(item);
          set.push(item);
          expect(plain.value).toBe(f.value(set));
        }
      }),
    );
  });

  it("starts from an initial set", () => {
    const grown = facilityLocation(s).start([2]);
    expect(grown.value).toBe(2);
    expect(grown.gain(0)).toBe(1.5);
  });

  it("reads any strides, and leaves its input alone", () => {
    fc.assert(
      fc.property(dyadicProblem, ({ s: any, count }) => {
        const before = any.data.slice();
        const set = Array.from({ length: count }, (_, j) => j);
        expect(facilityLocation(strided(any)).value(set)).toBe(facilityLocation(any).value(set));
        expect(any.data).toEqual(before);
      }),
    );
  });

  it("refuses what is no similarity", () => {
    const bad = matrix(Float32Array.of(1, Number.NaN), 1, 2);
    expect(() => facilityLocation(bad)).toThrow(
      new RangeError('facilityLocation: "similarity" must be finite, got NaN at [0, 1]'),
    );
    bad.data[1] = Number.POSITIVE_INFINITY;
    expect(() => facilityLocation(bad)).toThrow(
      new RangeError('facilityLocation: "similarity" must be finite, got Infinity at [0, 1]'),
    );
    expect(() => facilityLocation(s).value([3])).toThrow(
      new RangeError('facilityLocation: "set" must be integers in [0, 3), got 3 at 0'),
    );
    expect(() => facilityLocation(s).start([1, 1])).toThrow(
      new RangeError('facilityLocation: "initial" must be distinct, got 1 again at 1'),
    );
  });
});
