import { describe, expect, it } from "vitest";
import { trainMerges } from "../bpe.ts";
import { byteAlphabet } from "../byte-alphabet.ts";

describe("trainMerges", () => {
  it("joins the most frequent pair first, worked by hand", () => {
    // lo 2 + 5 = 7, ow 7, we 5: "l o" sorts before "o w"; then "lo w" 7; then "e r" 5 before "low e" 5
    const words = new Map([
      ["low", 2],
      ["lower", 5],
    ]);
    expect(trainMerges(words, 3)).toEqual([
      ["l", "o"],
      ["lo", "w"],
      ["e", "r"],
    ]);
  });

  it("joins from the left where a letter repeats", () => {
    expect(trainMerges(new Map([["aaa", 1]]), 2)).toEqual([
      ["a", "a"],
      ["aa", "a"],
    ]);
  });

  it("stops when nothing is left to join", () => {
    expect(trainMerges(new Map([["ab", 1]]), 9)).toEqual([["a", "b"]]);
    expect(trainMerges(new Map(), 9)).toEqual([]);
  });
});

describe("byteAlphabet", () => {
  it("has a letter of its own for each byte, itself where it is printable", () => {
    const letters = byteAlphabet();
    expect(new Set(letters).size).toBe(256);
    expect([letters[65], letters[32], letters[10]]).toEqual(["A", "Ġ", "Ċ"]);
  });
});
