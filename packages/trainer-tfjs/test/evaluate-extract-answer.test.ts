import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boxedAnswer, extractAnswer, lastNumber, phraseAnswer, sameAnswer } from "../src/index.ts";

describe("boxedAnswer", () => {
  it.each([
    ["so $x = \\boxed{5}$.", "5"],
    ["\\boxed{\\frac{1}{2}}", "\\frac{1}{2}"],
    ["\\boxed{\\sqrt{\\frac{a_{1}}{b^{2}}}} is it", "\\sqrt{\\frac{a_{1}}{b^{2}}}"],
    ["first \\boxed{1}, then \\boxed{ 2 }", "2"],
    ["\\boxed{\\{1, 2\\}}", "\\{1, 2\\}"],
    ["\\boxed{a \\} b}", "a \\} b"],
    ["\\boxed{\\boxed{7}}", "7"],
    ["\\boxed{1} and \\boxed{2", "1"],
    ["\\boxed 9.", "9"],
    ["$\\boxed 3.5$", "3.5"],
    ["\\fbox{x}", "x"],
    ["\\boxed\n{4}", "4"],
    ["\\boxed{}", undefined],
    ["\\boxedx{3}", undefined],
    ["boxed{3}", undefined],
    ["", undefined],
  ])("%j holds %j", (text, answer) => {
    expect(boxedAnswer(text)).toBe(answer);
  });

  it("gives back what was put into the box, with any braces in pairs, whatever stands around", () => {
    const { content } = fc.letrec<{ content: string; piece: string }>((tie) => ({
      content: fc.array(tie("piece"), { maxLength: 4 }).map((pieces) => pieces.join("")),
      piece: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom("a", "1", "+", " ", "\\{", "\\}", "\\\\", "\\pi"),
        tie("content").map((inner) => `{${inner}}`),
      ),
    }));
    const around = fc.string({ unit: fc.constantFrom("a", " ", "$", "{", "}", "\n", "1") });
    fc.assert(
      fc.property(content, around, around, (inside, before, after) => {
        expect(boxedAnswer(`${before}\\boxed{${inside}}${after}`)).toBe(inside.trim() || undefined);
      }),
    );
  });
});

describe("phraseAnswer", () => {
  it.each([
    ["32+8+25=65\nThe answer is 65", "65"],
    ["The answer is $3.50. Done.", "$3.50"],
    ["the ANSWER is: **1,200**.", "1,200"],
    ["The answer is 12 apples.\nQ: next", "12 apples"],
    ["The answer is 3. The answer is 4!", "4"],
    ["The answer is\n\n5", "5"],
    ["The answer is $\\boxed{\\frac{1}{2}}$.", "\\frac{1}{2}"],
    ["The answer is (B).", "(B)"],
    ["Answer: no", "no"],
    ["16 - 3 = 13\n#### 13", "13"],
    ["The answer is", undefined],
    ["The answer is.", undefined],
    ["It is 5", undefined],
    ["", undefined],
  ])("%j says %j", (text, answer) => {
    expect(phraseAnswer(text)).toBe(answer);
  });

  it("gives back a number behind the phrase, with a full stop or without", () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom("", ".", ".\n", ". So it is.", "\nQ: 2 + 2"), (n, end) => {
        expect(phraseAnswer(`1 + 1 = 3. The answer is ${n}${end}`)).toBe(`${n}`);
      }),
    );
  });
});

describe("lastNumber", () => {
  it.each([
    ["Total: 32+8+25=65 books\nThe answer is 65", "65"],
    ["it costs $1,234.50.", "1234.5"],
    ["1,234,567 people", "1234567"],
    ["(1,2)", "2"],
    ["-3", "-3"],
    ["5 - 8 = −3.", "-3"],
    ["8-5", "5"],
    ["x-5", "5"],
    ["f(2)-5", "5"],
    ["= +7", "7"],
    ["owes -$20", "-20"],
    ["half is .5", "0.5"],
    ["0.50", "0.5"],
    ["-0.0", "0"],
    ["3/4 of it", "0.75"],
    ["2 1/2 cups", "2.5"],
    ["x = -\\frac{2}{6}", "-1/3"],
    ["\\dfrac12", "0.5"],
    ["3\\frac{1}{2}", "3.5"],
    ["\\frac{-1}{4}", "-0.25"],
    ["about 1.5e3", "1500"],
    ["2.5 \\times 10^{-2} m", "0.025"],
    ["6 × 10^4", "60000"],
    ["1{,}000", "1000"],
    ["10\\!000 and \\$5", "5"],
    ["5 apples", "5"],
    ["7/0", undefined],
    ["no idea", undefined],
    ["", undefined],
  ])("%j ends with %j", (text, number) => {
    expect(lastNumber(text)).toBe(number);
  });

  const words = fc.string({ unit: fc.constantFrom("a", " ", ".", "\n", ",", ":", "$"), maxLength: 8 });

  it("finds an integer behind any words, with commas or without", () => {
    fc.assert(
      fc.property(words, fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (before, n) => {
        expect(lastNumber(`${before} ${n}`)).toBe(`${n}`);
        expect(lastNumber(`${before} ${n.toLocaleString("en-US")}.`)).toBe(`${n}`);
      }),
    );
  });

  it("writes a decimal shortest, and every way of writing a fraction alike", () => {
    const digits = fc.integer({ min: 0, max: 10 ** 9 });
    fc.assert(
      fc.property(digits, fc.integer({ min: 0, max: 6 }), (n, places) => {
        // n / 10^places is the double nearest to the decimal, whose shortest text it is
        expect(lastNumber((n / 10 ** places).toFixed(places))).toBe(`${n / 10 ** places}`);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: -999, max: 999 }), fc.integer({ min: 1, max: 999 }), (a, b) => {
        const number = lastNumber(`${a}/${b}`);
        expect(lastNumber(`\\frac{${a}}{${b}}`)).toBe(number);
        expect(lastNumber(`${3 * a}/${3 * b}`)).toBe(number);
        expect(lastNumber(number ?? "")).toBe(number);
        const [top = "", bottom = "1"] = number?.split("/") ?? [];
        expect(Number(top) / Number(bottom)).toBe(a / b + 0);
      }),
    );
  });
});

describe("extractAnswer", () => {
  it("takes the box, else the phrase, else the last number", () => {
    expect(extractAnswer("The answer is \\boxed{3}, not 4")).toBe("3");
    expect(extractAnswer("The answer is three. 4")).toBe("three");
    expect(extractAnswer("3 and 4")).toBe("4");
    expect(extractAnswer("three")).toBeUndefined();
  });

  const mixture = new URL("../../../../shared/data/mixture/validation.jsonl", import.meta.url);
  it.skipIf(!existsSync(mixture))("finds the answer of every row that says it (needs ../shared/data)", () => {
    const rows = readFileSync(mixture, "utf8").trimEnd().split("\n");
    const outputs: string[] = rows.map((row) => JSON.parse(row).output);
    const said = outputs.filter((output) => /The answer is (?!.*The answer is )/.test(output));
    expect(said.length).toBeGreaterThan(300);
    for (const output of said) {
      const answer = extractAnswer(output) ?? "";
      expect(answer).not.toBe("");
      const [rest] = output.slice(output.lastIndexOf("The answer is ") + 14).split("\n");
      // longer ones go on to work out the answer, in several sentences
      if (!output.includes("\\boxed") && rest.length < 100) expect(sameAnswer(answer, rest)).toBe(true);
    }
  });
});
