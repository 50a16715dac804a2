import { describe, expect, it } from "vitest";
import { parseTemplate, render, templates } from "../src/index.ts";

const ROW = { instruction: "What is 7 + 5?", output: "12", source: "sums" };

describe("render", () => {
  it("puts a row into the plain words by default", () => {
    expect(render(ROW)).toEqual({ prompt: "Q: What is 7 + 5?\nA:", completion: " 12" });
  });

  it("knows the words of Alpaca", () => {
    expect(render(ROW, templates.alpaca)).toEqual({
      prompt:
        "Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n### Instruction:\nWhat is 7 + 5?\n\n### Response:\n",
      completion: "12",
    });
  });

  it("leaves prompts, completions and text as they are", () => {
    expect(render({ prompt: "1+1=", completion: "2", source: "s" }, templates.alpaca)).toEqual({
      prompt: "1+1=",
      completion: "2",
    });
    expect(render({ text: "One.", source: "s" })).toEqual({ prompt: "", completion: "One." });
  });

  it("takes the row's letters as they are, placeholders and dollar signs too", () => {
    const row = { instruction: "$& {output} {instruction}", output: "$1 {output}", source: "s" };
    expect(render(row)).toEqual({ prompt: "Q: $& {output} {instruction}\nA:", completion: " $1 {output}" });
  });
});

describe("parseTemplate", () => {
  it("knows the names", () => {
    expect(parseTemplate("plain")).toBe(templates.plain);
    expect(parseTemplate("alpaca")).toBe(templates.alpaca);
  });

  it("gives white space before the output to the completion, line ends to the prompt", () => {
    expect(parseTemplate("{instruction} = {output}")).toEqual({
      prompt: "{instruction} =",
      completion: " {output}",
    });
    expect(parseTemplate("Do: {instruction}\n{output}")).toEqual({
      prompt: "Do: {instruction}\n",
      completion: "{output}",
    });
    expect(parseTemplate("Q: {instruction}\nA: {output}")).toEqual(templates.plain);
  });

  it.each([
    "",
    "Plain",
    "{instruction}",
    "{output}",
    "{output} {instruction}",
    "{instruction} {output} end",
    "{instruction} {instruction} {output}",
    "{instruction} {output} {output}",
  ])("refuses %j", (text) => {
    expect(() => parseTemplate(text)).toThrow(
      new RangeError(
        `parseTemplate: "text" must be plain, alpaca or a pattern with {instruction} once and {output} once at its end, got ${JSON.stringify(text)}`,
      ),
    );
  });

  it("refuses another kind", () => {
    // @ts-expect-error no string
    expect(() => parseTemplate(3)).toThrow(new TypeError('parseTemplate: "text" must be a string, got 3'));
  });
});
