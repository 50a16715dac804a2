import matrixOf from "ndarray";
import { describe, expect, it } from "vitest";
import { parseLiteral } from "./literal.ts";
import { matches } from "./matches.ts";

function agree(actual: unknown, text: string): boolean {
  return matches(actual, parseLiteral(text));
}

describe("documented values", () => {
  it.each<[unknown, string]>([
    [4, "4"],
    [-0.25, "-0.25"],
    [1e-8, "1e-8"],
    [1 / 3, "0.333333"],
    [2 / 3, "0.666667"],
    [Math.fround(0.1), "0.1"],
    [Number.NaN, "NaN"],
    [Number.NEGATIVE_INFINITY, "-Infinity"],
    [12n, "12n"],
    ["a b", '"a b"'],
    ["it's", "'it\\'s'"],
    [undefined, "undefined"],
    [null, "null"],
    [true, "true"],
    [[1, [2]], "[1, [2]]"],
    [[], "[ ]"],
    [Int32Array.of(0, 3), "[0, 3]"],
    [Int32Array.of(0, 3), "Int32Array [0, 3]"],
    [Int32Array.of(0, 3), "Int32Array(2) [ 0, 3 ]"],
    [Int32Array.of(0, 3), "Int32Array.of(0, 3)"],
    [Float64Array.of(1, 2, 3), "[1, ...]"],
    [{ a: 1, b: "x" }, '{ a: 1, b: "x" }'],
    [{ "a-b": 1, c: [0.5] }, '{ "a-b": 1, ... }'],
    [new Map([["a", 1]]), 'Map(1) { "a" => 1 }'],
    [matrixOf(Float32Array.of(1, 2, 3, 4), [2, 2]), "[[1, 2], [3, 4]]"],
  ])("%o is %s", (actual, text) => {
    expect(agree(actual, text)).toBe(true);
  });

  it.each<[unknown, string]>([
    [5, "4"],
    [4.5, "4"],
    [1000001, "1000000"],
    [0.33333, "0.333333"],
    [1e-9, "0"],
    ["4", "4"],
    ["a", '"b"'],
    [null, "undefined"],
    [[1, 2], "[1]"],
    [[1], "[1, 2]"],
    [Float32Array.of(0, 3), "Int32Array [0, 3]"],
    [{ a: 1, b: 2 }, "{ a: 1 }"],
    [{ a: 1 }, "{ b: 1 }"],
    [new Map([["a", 1]]), '{ "a": 1 }'],
    [matrixOf(Float32Array.of(1, 2), [2, 1]), "[[1, 2]]"],
  ])("%o is not %s", (actual, text) => {
    expect(agree(actual, text)).toBe(false);
  });

  it.each(["", "[1, 2", "{ a }", "3 apples", "banana", "[1] [2]"])("%j cannot be read", (text) => {
    expect(() => parseLiteral(text)).toThrow(SyntaxError);
  });
});
