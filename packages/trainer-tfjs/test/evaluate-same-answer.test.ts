import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quantityOf, sameAnswer } from "../src/index.ts";

describe("quantityOf", () => {
  it.each([
    ["65", "65", ""],
    ["1,234,567.50", "1234567.5", ""],
    ["\\$1,200.00 dollars.", "1200", "dollar"],
    ["-$5", "-5", ""],
    ["$-5$", "-5", ""],
    ["−4", "-4", ""],
    ["+.5", "0.5", ""],
    ["3.", "3", ""],
    ["3!", "3", ""],
    ["-3/4", "-0.75", ""],
    ["\\dfrac{2}{6}", "1/3", ""],
    ["-2\\frac12", "-2.5", ""],
    ["2 1/2 cups", "2.5", "cup"],
    ["1.5e-3", "0.0015", ""],
    ["3 \\times 10^{2}", "300", ""],
    ["50\\%", "50", "%"],
    ["$90^\\circ$", "90", "°"],
    ["12\\text{ cm}^2", "12", "cm^2"],
    ["5cm", "5", "cm"],
    ["60 miles per hour", "60", "mile per hour"],
    ["x = 7", "7", ""],
    ["**7**", "7", ""],
  ])("%j is %j %j", (text, number, unit) => {
    expect(quantityOf(text)).toEqual({ number, unit });
  });

  it.each([
    "2x",
    "5 x",
    "3\\pi",
    "\\sqrt{2}",
    "(1, 2)",
    "1,23",
    "1,2",
    "3 of 4",
    "1/0",
    "12 apples and 3 pears",
    "x",
    "",
    ".",
    "1.2.3",
    "5 - 3",
  ])("%j is none", (text) => {
    expect(quantityOf(text)).toBeUndefined();
  });
});

describe("sameAnswer", () => {
  it.each([
    ["65", "65."],
    ["0.5", "\\frac{1}{2}"],
    ["1/2", "2/4"],
    ["$3,600.00", "3600 dollars"],
    ["12", "12 apples"],
    ["12 apple", "12 Apples"],
    ["1e3", "1000"],
    ["(B)", "b."],
    ["x^2 + 1", "$x^2+1$"],
    ["\\left( 1, 2 \\right)", "(1,2)"],
    ["\\text{Even}", "even"],
    ["\\dfrac{x}{2}", "\\frac{x}{2}"],
    ["New  York", "new york"],
  ])("%j says what %j says", (a, b) => {
    expect(sameAnswer(a, b)).toBe(true);
    expect(sameAnswer(b, a)).toBe(true);
  });

  it.each([
    ["65", "66"],
    ["5", "-5"],
    ["0.333", "1/3"],
    ["5 cm", "5 m"],
    ["50%", "0.5"],
    ["2x", "2"],
    ["12345678901234567890", "12345678901234567891"],
    ["(1, 2)", "(2, 1)"],
    ["ab", "a b"],
    ["A", "B"],
  ])("%j says something else than %j", (a, b) => {
    expect(sameAnswer(a, b)).toBe(false);
    expect(sameAnswer(b, a)).toBe(false);
  });

  it("is true of every text and itself, in any order", () => {
    const text = fc.string({
      unit: fc.constantFrom("1", "2", ",", ".", "/", "-", "x", "$", " ", "%", "m", "\\"),
      maxLength: 8,
    });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(sameAnswer(a, a)).toBe(true);
        expect(sameAnswer(a, b)).toBe(sameAnswer(b, a));
      }),
      { numRuns: 1000 },
    );
  });

  it("compares numbers as fractions of integers do", () => {
    const part = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
    const below = fc.bigInt({ min: 1n, max: 10n ** 3n });
    fc.assert(
      fc.property(part, below, part, below, fc.boolean(), (a, b, c, d, scaled) => {
        const other = scaled ? `${a * d}/${b * d}` : `${c}/${d}`;
        const equal = scaled || a * d === c * b;
        expect(sameAnswer(`${a}/${b}`, other)).toBe(equal);
      }),
    );
  });
});
