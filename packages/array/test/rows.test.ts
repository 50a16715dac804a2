import fc from "fast-check";
import ndarray from "ndarray";
import { describe, expect, it } from "vitest";
import {
  columnReader,
  copyRows,
  largestEntry,
  largestPlaces,
  matrix,
  moveLargestFirst,
  scaleForSquares,
} from "../src/index.ts";

describe("largestEntry", () => {
  it("looks at the entries of the view alone, whatever their signs", () => {
    const data = Float64Array.of(9, 1, -4, 9, 2, 3, 9);
    expect(largestEntry(ndarray(data, [2, 2], [3, 1], 1))).toBe(4);
    expect(largestEntry(ndarray(data, [0, 2]))).toBe(0);
  });
});

describe("columnReader", () => {
  it("reads columns of any strides as float32, and as rows where told that those are the same", () => {
    const data = Float64Array.from({ length: 60 }, (_, i) => i + 0.1);
    for (const m of [
      matrix(data.subarray(0, 20), 5, 4),
      matrix(data.subarray(0, 20), 4, 5).transpose(1, 0),
      ndarray(data, [5, 4], [-10, 2], 45),
    ]) {
      const out = new Float32Array(5);
      for (let j = 0; j < 4; j++) {
        columnReader(m).read(out, j);
        expect(out).toEqual(Float32Array.from({ length: 5 }, (_, i) => m.get(i, j)));
      }
    }
    const square = matrix(Float32Array.of(1, 2, 3, 4), 2, 2);
    const reader = columnReader(square);
    reader.turn();
    const out = new Float32Array(2);
    reader.read(out, 1);
    expect(out).toEqual(Float32Array.of(3, 4));
  });
});

describe("copyRows", () => {
  it("copies rows of any strides to their place, and touches nothing else", () => {
    const data = Float64Array.from({ length: 60 }, (_, i) => i);
    const views = [
      matrix(data.subarray(0, 20), 5, 4),
      matrix(data.subarray(0, 20), 4, 5).transpose(1, 0),
      ndarray(data, [5, 4], [12, 1], 3),
      ndarray(data, [5, 4], [-10, 2], 45),
    ];
    const range = fc.integer({ min: 0, max: 5 });
    fc.assert(
      fc.property(fc.constantFrom(...views), range, range, range, (m, a, b, place) => {
        const [first, count] = [Math.min(a, b), Math.abs(a - b)];
        const out = new Float32Array(4 * 11).fill(-1);
        copyRows(out, place, m, first, count);
        const expected = out.slice().fill(-1);
        for (let i = 0; i < count; i++) {
          for (let j = 0; j < 4; j++) expected[(place + i) * 4 + j] = m.get(first + i, j);
        }
        expect(out).toEqual(expected);
      }),
    );
  });

  it("rounds to float32", () => {
    const out = new Float32Array(2);
    copyRows(out, 0, matrix(Float64Array.of(0.1, 0.2), 1, 2), 0, 1);
    expect(out).toEqual(Float32Array.of(0.1, 0.2));
  });

  it("refuses to write where there is no room", () => {
    const m = matrix(new Float32Array(4), 2, 2);
    expect(() => copyRows(new Float32Array(2), 0, m, 0, 2)).toThrow(RangeError);
  });
});

describe("moveLargestFirst", () => {
  it("has the values that a sort puts first, and loses none", () => {
    const values = fc.array(fc.integer({ min: -4, max: 4 }), { maxLength: 40 });
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 45 }), (own, count) => {
        const sorted = Float64Array.from(own).sort().reverse();
        const all = Float64Array.from(own);
        const largest = moveLargestFirst(all, count);
        expect(largest.toSorted().reverse()).toEqual(sorted.slice(0, count));
        expect(all.toSorted().reverse()).toEqual(sorted);
        expect(largest.buffer).toBe(all.buffer);
      }),
    );
  });

  it("does so on long runs, ascending, descending and constant", () => {
    for (const step of [1, -1, 0]) {
      const values = Float64Array.from({ length: 5000 }, (_, i) => step * i);
      const expected = values.toSorted().reverse().slice(0, 1234);
      expect(moveLargestFirst(values, 1234).toSorted().reverse()).toEqual(expected);
    }
  });
});

describe("largestPlaces", () => {
  it("is a stable sort, cut off", () => {
    const values = fc.array(fc.integer({ min: -4, max: 4 }), { maxLength: 30 });
    fc.assert(
      fc.property(
        values,
        values,
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(1, -1),
        (a, b, count, sign) => {
          const places = largestPlaces(count, sign);
          for (const row of [a, b]) {
            const order = row.map((_, j) => j).sort((i, j) => sign * (row[j] - row[i]) || i - j);
            const expected = order.slice(0, count).sort((i, j) => i - j);
            expect(Array.from(places(Float32Array.from(row)))).toEqual(expected);
          }
        },
      ),
    );
  });
});

describe("scaleForSquares", () => {
  it("changes rows far from 1 alone, by powers of two", () => {
    const x = Float32Array.of(2 ** -100, -(2 ** -99), 1e-9, 4e9, 0, 0, -3e38, 1);
    const before = x.slice();
    const scaled = scaleForSquares(x, 2);
    expect(x).toEqual(before);
    expect(Array.from(scaled.subarray(0, 6))).toEqual([0.5, -1, Math.fround(1e-9), 4e9, 0, 0]);
    expect(scaled[6] / x[6]).toBe(2 ** -127);
    expect(scaled[7]).toBe(2 ** -127);
    const near = Float32Array.of(1, 2);
    expect(scaleForSquares(near, 1)).toBe(near);
    expect(scaleForSquares(Float32Array.of(2 ** -149), 1)).toEqual(Float32Array.of(1));
    expect(scaleForSquares(new Float32Array(), 0)).toEqual(new Float32Array());
  });
});
