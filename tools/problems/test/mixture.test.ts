import { describe, expect, it } from "vitest";
import { drawAt } from "../draw.ts";
import { dial } from "../kinds/clock.ts";
import { romanNumeral } from "../kinds/roman.ts";
import { KINDS } from "../kinds.ts";
import { mixture } from "../mixture.ts";
import { answerOf } from "../problem.ts";
import { solve } from "./oracle.ts";

const { train, heldOut } = mixture({ seed: 1 });
const rows = [...train, ...heldOut];
const sizes = KINDS.map(({ source }) => train.filter((row) => row.source === source).length);

describe("mixture", () => {
  it("draws twelve sources whose sizes fall geometrically from 3072 to 24", () => {
    expect(sizes).toEqual([3072, 1976, 1271, 818, 526, 339, 218, 140, 90, 58, 37, 24]);
    expect(sizes[0] / sizes[11]).toBeGreaterThanOrEqual(100);
  });

  it("has eight sources below the mean size, |V_s| < |V| / c", () => {
    expect(sizes.filter((size) => size < train.length / KINDS.length)).toHaveLength(8);
  });

  it("holds out a twentieth of every source, at least 16 rows", () => {
    const held = KINDS.map(({ source }) => heldOut.filter((row) => row.source === source).length);
    expect(held).toEqual([154, 99, 64, 41, 26, 17, 16, 16, 16, 16, 16, 16]);
  });

  it("never repeats an instruction, within a split or across them", () => {
    expect(new Set(rows.map((row) => row.instruction)).size).toBe(rows.length);
  });

  it("answers every problem as an independent oracle does", () => {
    for (const row of rows) expect([row.instruction, row.output]).toEqual([row.instruction, solve(row)]);
  });

  it("gives the same bytes for the same seed and others for another", () => {
    expect(JSON.stringify(mixture({ seed: 1 }))).toBe(JSON.stringify({ train, heldOut }));
    expect(mixture({ seed: 2 }).train).not.toEqual(train);
  });

  it("shuffles the training rows", () => {
    const head = new Set(train.slice(0, 200).map((row) => row.source));
    expect(head.size).toBeGreaterThan(6);
    expect(head.size).toBeLessThanOrEqual(12);
  });

  it("keeps every text short", () => {
    for (const row of rows) expect(row.instruction.length + row.output.length).toBeLessThan(100);
  });

  it("says which kind cannot fill its share", () => {
    expect(() => mixture({ seed: 1, largest: 3072, smallest: 100 })).toThrow(
      new RangeError('mixture: "units" has no 498 different problems, found 266'),
    );
  });

  it("refuses sizes in the wrong order", () => {
    expect(() => mixture({ seed: 1, largest: 10, smallest: 20 })).toThrow(
      new RangeError(
        'mixture: "smallest" and "largest" must be integers with 1 <= smallest <= largest, got 20 and 10',
      ),
    );
  });
});

describe("kinds", () => {
  it("writes the hand-worked cases", () => {
    expect([1, 4, 9, 14, 40, 49, 58].map(romanNumeral)).toEqual([
      "I",
      "IV",
      "IX",
      "XIV",
      "XL",
      "XLIX",
      "LVIII",
    ]);
    expect([0, 5, 60, 725].map(dial)).toEqual(["12:00", "12:05", "1:00", "12:05"]);
    expect(answerOf("3 + 4 = 7")).toBe("7");
    expect(answerOf("300 cm")).toBe("300 cm");
  });

  it("makes a problem a pure function of seed, stream and position", () => {
    for (const { kind } of KINDS) expect(kind(drawAt(3, 5, 7))).toEqual(kind(drawAt(3, 5, 7)));
  });

  it("refuses a seventeenth choice, which the next text would share", () => {
    const draw = drawAt(1, 0, 0);
    for (let i = 0; i < 16; i++) draw.below(2);
    expect(() => draw.below(2)).toThrow(new RangeError("draw: a text may make at most 16 choices"));
  });
});
