import { describe, expect, it } from "vitest";
import { mixture } from "../../problems/mixture.ts";
import { corpusText } from "../corpus.ts";

const texts = Array.from({ length: 6000 }, (_, position) => corpusText(1, position));

describe("corpusText", () => {
  it("is a pure function of seed and position", () => {
    expect([0, 1, 2].map((position) => corpusText(1, position))).toEqual(texts.slice(0, 3));
    expect(corpusText(2, 0)).not.toBe(texts[0]);
  });

  it("states true sums, differences, products and shares", () => {
    const results: Readonly<Record<string, (a: number, b: number) => number>> = {
      "+": (a, b) => a + b,
      "-": (a, b) => a - b,
      x: (a, b) => a * b,
      "/": (a, b) => a / b,
    };
    const sums = texts.flatMap((text) => [...text.matchAll(/(\d+) ([-+x/]) (\d+) = (\d+)/g)]);
    expect(sums.length).toBeGreaterThan(500);
    for (const [sum, a, sign, b, result] of sums) {
      expect([sum, results[sign](Number(a), Number(b))]).toEqual([sum, Number(result)]);
    }
  });

  it("never asks as the mixture does", () => {
    const { train, heldOut } = mixture({ seed: 1 });
    const asked = new Set([...train, ...heldOut].map((row) => row.instruction));
    const questions = texts.flatMap((text) =>
      [...text.matchAll(/^Q: (.*)$/gm)].map(([, question]) => question),
    );
    expect(questions.length).toBeGreaterThan(500);
    for (const question of questions) expect(asked.has(question)).toBe(false);
  });
});
