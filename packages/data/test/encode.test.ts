import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encode, templates } from "../src/index.ts";

/** One token per letter, a beginning before them; `ab` is a token of its own. */
const tokenizer = {
  eosId: 0,
  encode: (text: string): number[] => {
    const letters = text.match(/ab|./gsu) ?? [];
    return [1, ...letters.map((letter) => (letter === "ab" ? 2 : (letter.codePointAt(0) ?? 0)))];
  },
};
const code = (text: string): number[] => Array.from(text, (letter) => letter.codePointAt(0) ?? 0);

describe("encode", () => {
  it("masks the prompt and ends the example", () => {
    const row = { prompt: "x=", completion: "3", source: "s" };
    expect(encode(row, tokenizer)).toEqual({
      inputIds: Int32Array.of(1, ...code("x=3"), 0),
      labels: Int32Array.of(-100, -100, -100, ...code("3"), 0),
      source: "s",
      truncated: 0,
    });
  });

  it("uses the plain template unless another one is given", () => {
    const row = { instruction: "x", output: "y", source: "s" };
    expect([...encode(row, tokenizer).inputIds]).toEqual([1, ...code("Q: x\nA: y"), 0]);
    const other = encode(row, tokenizer, { prompt: "{instruction}", completion: ">{output}" });
    expect([...other.inputIds]).toEqual([1, ...code("x>y"), 0]);
    expect(encode(row, tokenizer, templates.alpaca).inputIds.length).toBeGreaterThan(100);
  });

  it("learns a token that holds the prompt's end and the completion's beginning", () => {
    const { inputIds, labels } = encode({ prompt: "xa", completion: "bc", source: "s" }, tokenizer);
    expect([...inputIds]).toEqual([1, ...code("x"), 2, ...code("c"), 0]);
    expect([...labels]).toEqual([-100, -100, 2, ...code("c"), 0]);
  });

  it("learns all of a text", () => {
    expect([...encode({ text: "xy", source: "s" }, tokenizer).labels]).toEqual([-100, ...code("xy"), 0]);
  });

  it("ends an example exactly once, and not at all without an end token", () => {
    const ending = { eosId: 0, encode: (text: string) => [...code(text), 0] };
    const row = { prompt: "x", completion: "y", source: "s" };
    expect([...encode(row, ending).inputIds]).toEqual([...code("xy"), 0]);
    expect([...encode(row, ending).labels]).toEqual([-100, ...code("y"), 0]);
    expect([...encode(row, { encode: code }).inputIds]).toEqual(code("xy"));
  });

  it("keeps tokens and labels made elsewhere", () => {
    const row = { input_ids: [5, 6, 7], labels: [-100, -100, 7], source: "s" };
    expect(encode(row, tokenizer)).toEqual({
      inputIds: Int32Array.of(5, 6, 7),
      labels: Int32Array.of(-100, -100, 7),
      source: "s",
      truncated: 0,
    });
    expect(encode(row, tokenizer, templates.plain, { maxLength: 2 }).truncated).toBe(1);
  });

  it("cuts the end off and says how much", () => {
    const row = { prompt: "xx", completion: "yyy", source: "s" };
    const { inputIds, labels, truncated } = encode(row, tokenizer, templates.plain, { maxLength: 4 });
    expect([...inputIds]).toEqual([1, ...code("xxy")]);
    expect([...labels]).toEqual([-100, -100, -100, ...code("y")]);
    expect(truncated).toBe(3);
  });

  it("labels are the ids or -100, never a learned token before one that is not", () => {
    const text = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(text, text, fc.integer({ min: 1, max: 20 }), (prompt, completion, maxLength) => {
        const row = { prompt, completion, source: "s" };
        const { inputIds, labels, truncated } = encode(row, tokenizer, templates.plain, { maxLength });
        const full = encode(row, tokenizer);
        expect([...inputIds]).toEqual([...full.inputIds].slice(0, maxLength));
        expect(inputIds.length + truncated).toBe(full.inputIds.length);
        const start = labels.findIndex((label) => label !== -100);
        for (let t = 0; t < labels.length; t++) {
          expect(labels[t]).toBe(start < 0 || t < start ? -100 : inputIds[t]);
        }
      }),
    );
  });

  it("refuses a length that is none", () => {
    const row = { text: "x", source: "s" };
    const withLength = (maxLength: number) => () => encode(row, tokenizer, templates.plain, { maxLength });
    expect(withLength(0)).toThrow(new RangeError('encode: "maxLength" must be at least 1, got 0'));
    expect(withLength(1.5)).toThrow(
      new RangeError('encode: "maxLength" must be an integer of at least 0, got 1.5'),
    );
  });

  it("refuses what is no token", () => {
    expect(() => encode({ text: "x", source: "s" }, { encode: () => [3, 0.5] })).toThrow(
      new RangeError('encode: "tokenizer" must give integers of at least 0, got 0.5 at 1'),
    );
  });
});

const MIXTURE = new URL("../../../../shared/data/mixture/validation.jsonl", import.meta.url);

const missing = !existsSync(MIXTURE);

describe.skipIf(missing)(`encode on real rows${missing ? ": skipped, shared/data is missing" : ""}`, () => {
  it("masks exactly the letters of every prompt", () => {
    const rows = readFileSync(MIXTURE, "utf8").trimEnd().split("\n");
    for (const line of rows) {
      const { instruction, output, source } = JSON.parse(line);
      const { inputIds, labels } = encode({ instruction, output, source }, { encode: code, eosId: 0 });
      const masked = labels.filter((label) => label === -100).length;
      expect(masked).toBe(code(`Q: ${instruction}\nA:`).length);
      expect(inputIds.length - masked).toBe(code(` ${output}`).length + 1);
    }
    expect(rows).toHaveLength(704);
  });
});
