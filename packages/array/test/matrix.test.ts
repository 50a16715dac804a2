import fc from "fast-check";
import ndarray from "ndarray";
import { expect, describe as group, it } from "vitest";
import {
  describe,
  matrix,
  requireIndices,
  requireMatrix,
  requireNatural,
  requireVector,
  rowMajor,
} from "../src/index.ts";

group("matrix", () => {
  it("is a row-major view of the caller's data", () => {
    const data = Float32Array.of(1, 2, 3, 4, 5, 6);
    const m = matrix(data, 2, 3);
    expect([m.shape, m.stride, m.offset]).toEqual([[2, 3], [3, 1], 0]);
    expect(m.get(1, 0)).toBe(4);
    data[3] = 9;
    expect(m.get(1, 0)).toBe(9);
  });

  it("may be empty", () => {
    expect(matrix(new Float64Array(0), 0, 3).shape).toEqual([0, 3]);
  });

  it.each([
    [[1, 2, 3], 'matrix: "data" must be a Float32Array or a Float64Array, got an array of 3'],
    [undefined, 'matrix: "data" must be a Float32Array or a Float64Array, got undefined'],
  ])("refuses data %j", (data, message) => {
    expect(() => Reflect.apply(matrix, undefined, [data, 1, 3])).toThrow(new TypeError(message));
  });

  it("refuses sizes that are not natural or do not fit", () => {
    const data = new Float32Array(6);
    expect(() => matrix(data, 2, 2)).toThrow(
      new RangeError('matrix: "data" must have 2 x 2 = 4 entries, got 6'),
    );
    expect(() => matrix(data, -2, -3)).toThrow(
      new RangeError('matrix: "rows" must be an integer of at least 0, got -2'),
    );
    expect(() => matrix(data, 2, 1.5)).toThrow(
      new RangeError('matrix: "cols" must be an integer of at least 0, got 1.5'),
    );
  });
});

group("rowMajor", () => {
  it("returns the data itself where it already lies so", () => {
    const data = Float64Array.of(1, 2, 3, 4);
    expect(rowMajor(matrix(data, 2, 2))).toBe(data);
  });

  it("equals reading entry by entry for any stride and offset", () => {
    const size = fc.integer({ min: 0, max: 5 });
    fc.assert(
      fc.property(size, size, fc.boolean(), fc.boolean(), fc.boolean(), (rows, cols, flip, back, thin) => {
        const data = Float32Array.from({ length: 4 * rows * cols }, (_, i) => i / 16);
        let view = ndarray(data, [2 * rows, 2 * cols]).hi(rows, cols);
        if (thin) view = ndarray(data, [2 * rows, 2 * cols]).step(2, 2);
        if (back) view = view.step(-1, 1);
        if (flip) view = view.transpose(1, 0);
        const expected: number[] = [];
        for (let i = 0; i < view.shape[0]; i++) {
          for (let j = 0; j < view.shape[1]; j++) expected.push(view.get(i, j));
        }
        expect(Array.from(rowMajor(view))).toEqual(expected);
      }),
    );
  });
});

group("requireMatrix", () => {
  const check = (value: unknown) => () => requireMatrix("f", "points", value);

  it("accepts transposed, reversed, strided and empty views", () => {
    const m = matrix(new Float32Array(12), 3, 4);
    for (const view of [m, m.transpose(1, 0), m.step(-1, 2), m.lo(1, 1), m.hi(0, 4)]) {
      expect(check(view)).not.toThrow();
    }
  });

  it("ignores entries outside the view", () => {
    const data = Float32Array.of(1, Number.NaN, 2, Number.NaN);
    expect(check(ndarray(data, [2, 1], [2, 1], 0))).not.toThrow();
  });

  it.each([
    [null, 'f: "points" must be an ndarray, got null'],
    [new Float32Array(4), 'f: "points" must be an ndarray, got a Float32Array of 4'],
    [
      ndarray([1, 2], [1, 2]),
      'f: "points" must be an ndarray over a Float32Array or a Float64Array, got an array of 2',
    ],
    [ndarray(new Float32Array(4), [4]), 'f: "points" must have 2 dimensions, got 1'],
  ])("refuses the kind of %#", (value, message) => {
    expect(check(value)).toThrow(new TypeError(message));
  });

  it.each([
    [Float32Array.of(0, 1, Number.NaN, 3), 'f: "points" must be finite, got NaN at [1, 0]'],
    [
      Float32Array.of(0, Number.NEGATIVE_INFINITY, 2, 3),
      'f: "points" must be finite, got -Infinity at [0, 1]',
    ],
  ])("refuses entry %#", (data, message) => {
    expect(check(matrix(data, 2, 2))).toThrow(new RangeError(message));
  });

  it("refuses a view that reaches outside its data", () => {
    expect(check(ndarray(new Float32Array(4), [2, 2], [3, 1], 0))).toThrow(
      new RangeError('f: "points" must lie inside its data of 4 entries, got entries 0 to 4'),
    );
  });
});

group("requireVector, requireNatural, requireIndices", () => {
  it("accept what they ask for", () => {
    requireVector("f", "losses", Float64Array.of(1, 2));
    requireVector("f", "losses", [1, 2], 2);
    requireNatural("f", "count", 0);
    requireNatural("f", "count", 8, 8);
    requireIndices("f", "set", Int32Array.of(2, 0), 3);
    requireIndices("f", "set", [1, 1], 2, false);
  });

  it.each([
    [() => requireVector("f", "losses", [1], 2), 'f: "losses" must have 2 entries, got 1'],
    [() => requireVector("f", "losses", [1, Number.NaN]), 'f: "losses" must be finite, got NaN at 1'],
    [() => requireNatural("f", "count", 9, 8), 'f: "count" must be an integer in [0, 8], got 9'],
    [() => requireIndices("f", "set", [0, 3], 3), 'f: "set" must be integers in [0, 3), got 3 at 1'],
    [() => requireIndices("f", "set", [1, 1], 3), 'f: "set" must be distinct, got 1 again at 1'],
  ])("refuse a wrong value (%#)", (call, message) => {
    expect(call).toThrow(new RangeError(message));
  });

  it.each([
    [requireNatural, "3", 'f: "x" must be a number, got "3"'],
    [requireVector, 3, 'f: "x" must be an array of numbers, got 3'],
    [requireVector, undefined, 'f: "x" must be an array of numbers, got undefined'],
    [requireVector, ["1", "2", "3"], 'f: "x" must hold numbers, got "1" at 0'],
    [requireIndices, { length: 1 }, 'f: "x" must be an array of numbers, got an object of kind Object'],
  ])("refuse a wrong kind (%#)", (check, value, message) => {
    expect(() => Reflect.apply(check, undefined, ["f", "x", value, 3])).toThrow(new TypeError(message));
  });
});

group("describe", () => {
  it.each([
    ["text", '"text"'],
    [1n, "1n"],
    [null, "null"],
    [Number.NaN, "NaN"],
    [new DataView(new ArrayBuffer(1)), "a DataView"],
    [describe, "a function"],
    [Object.create(null), "an object of kind null"],
  ])("shows value %#", (value, shown) => {
    expect(describe(value)).toBe(shown);
  });
});
