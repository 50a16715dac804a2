import ndarray from "ndarray";
import { describe, expect, it } from "vitest";
import {
  matrix,
  readEntries,
  requireAmount,
  requireChoice,
  requireFunction,
  requirePositive,
  requireShare,
  requireSquare,
  requireWeights,
  wrongKind,
  wrongValue,
} from "../src/index.ts";

describe("checks of numbers, names and functions", () => {
  it("accept what they ask for", () => {
    requireAmount("f", "x", 0);
    requireAmount("f", "x", 2.5);
    requirePositive("f", "x", 1);
    requirePositive("f", "x", 8, 8);
    requireShare("f", "x", 2 ** -1074);
    requireShare("f", "x", 1, true);
    requireWeights("f", "x", Float32Array.of(0, 0.5), 2);
    requireChoice("f", "x", "low", ["low", "high"]);
    requireFunction("f", "x", () => 0);
  });

  it.each([
    [() => requireAmount("f", "x", -1), 'f: "x" must be finite and at least 0, got -1'],
    [() => requireAmount("f", "x", Number.NaN), 'f: "x" must be finite and at least 0, got NaN'],
    [() => requireAmount("f", "x", 1 / 0), 'f: "x" must be finite and at least 0, got Infinity'],
    [() => requirePositive("f", "x", 0), 'f: "x" must be at least 1, got 0'],
    [() => requirePositive("f", "x", 9, 8), 'f: "x" must be an integer in [0, 8], got 9'],
    [() => requirePositive("f", "x", 0.5), 'f: "x" must be an integer of at least 0, got 0.5'],
    [() => requireShare("f", "x", 0), 'f: "x" must be in (0, 1), got 0'],
    [() => requireShare("f", "x", 1), 'f: "x" must be in (0, 1), got 1'],
    [() => requireShare("f", "x", 1.5, true), 'f: "x" must be in (0, 1], got 1.5'],
    [() => requireShare("f", "x", Number.NaN, true), 'f: "x" must be in (0, 1], got NaN'],
    [() => requireWeights("f", "x", [1], 2), 'f: "x" must have 2 entries, got 1'],
    [() => requireWeights("f", "x", [1, -2], 2), 'f: "x" must be at least 0, got -2 at 1'],
    [() => requireChoice("f", "x", "mid", ["low", "high"]), 'f: "x" must be "low" or "high", got "mid"'],
    [() => requireChoice("f", "x", 3, ["a", "b", "c"]), 'f: "x" must be "a", "b" or "c", got 3'],
  ])("refuse a wrong value (%#)", (call, message) => {
    expect(call).toThrow(new RangeError(message));
  });

  it.each([
    [() => requireAmount("f", "x", "2"), 'f: "x" must be a number, got "2"'],
    [() => requirePositive("f", "x", undefined), 'f: "x" must be a number, got undefined'],
    [() => requireShare("f", "x", null), 'f: "x" must be a number, got null'],
    [() => requireFunction("f", "x", {}), 'f: "x" must be a function, got an object of kind Object'],
  ])("refuse a wrong kind (%#)", (call, message) => {
    expect(call).toThrow(new TypeError(message));
  });
});

describe("readEntries and requireSquare", () => {
  it("read a view of any strides, without a copy", () => {
    const data = Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7);
    const view = ndarray(data, [2, 2], [-4, 2], 5);
    const { rows, cols, at } = readEntries("f", "m", view);
    expect([rows, cols, at(0, 0), at(0, 1), at(1, 0), at(1, 1)]).toEqual([2, 2, 5, 7, 1, 3]);
    data[3] = 9;
    expect(at(1, 1)).toBe(9);
  });

  it("allow what the limits allow", () => {
    readEntries("f", "m", matrix(Float64Array.of(-1e300, 5), 1, 2), { min: Number.NEGATIVE_INFINITY });
    readEntries("f", "m", matrix(Float32Array.of(0, 1), 1, 2), { max: 1 });
    requireSquare("f", "m", matrix(new Float32Array(0), 0, 0));
  });

  it.each([
    [{}, 'f: "m" must be at least 0, got -1 at [1, 0]'],
    [{ min: -0.5, max: 3 }, 'f: "m" must be in [-0.5, 3], got -1 at [1, 0]'],
    [{ min: -1, max: 3 }, 'f: "m" must be in [-1, 3], got 4 at [1, 2]'],
    [{ square: true }, 'f: "m" must be square, got 2 x 3'],
  ])("refuse the first entry outside %j", (limits, message) => {
    const m = matrix(Float32Array.of(0, 1, 2, -1, 3, 4), 2, 3);
    expect(() => readEntries("f", "m", m, limits)).toThrow(new RangeError(message));
  });

  it("refuse what is no finite matrix", () => {
    const m = matrix(Float32Array.of(0, Number.NaN), 1, 2);
    expect(() => readEntries("f", "m", m, { min: Number.NEGATIVE_INFINITY })).toThrow(
      new RangeError('f: "m" must be finite, got NaN at [0, 1]'),
    );
  });
});

describe("wrongValue and wrongKind", () => {
  it("have the wording of all checks", () => {
    expect(wrongValue("f", "x", "be even", 3)).toEqual(new RangeError('f: "x" must be even, got 3'));
    expect(wrongValue("f", "x", "be even", 3, 0)).toEqual(new RangeError('f: "x" must be even, got 3 at 0'));
    expect(wrongKind("f", "x", "be a list", "3", "[0, 1]")).toEqual(
      new TypeError('f: "x" must be a list, got "3" at [0, 1]'),
    );
  });
});
