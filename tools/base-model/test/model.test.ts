import { readdir, readFile, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { encode, render } from "@colm/data";
import { type CausalLM, chooseBackend, loadModel } from "@colm/lm-tfjs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mixture } from "../../problems/mixture.ts";
import { MODEL_CONFIG } from "../model-config.ts";
import { packed } from "../packed.ts";
import { trainTokenizer } from "../tokenizer.ts";

const FOLDER = fileURLToPath(new URL("../model", import.meta.url));

let model: CausalLM;
beforeAll(async () => {
  await chooseBackend("wasm");
  model = await loadModel(FOLDER);
});
afterAll(() => model.dispose());

describe("the committed base model", () => {
  it("is a Hugging Face folder of at most 4 MB", async () => {
    const names = await readdir(FOLDER);
    expect(names.toSorted()).toEqual([
      "config.json",
      "generation_config.json",
      "model.safetensors",
      "tokenizer.json",
      "tokenizer_config.json",
    ]);
    const sizes = await Promise.all(names.map(async (name) => (await stat(`${FOLDER}/${name}`)).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(4e6);
  });

  it("has the configuration and the tokenizer that the script writes", async () => {
    expect(JSON.parse(await readFile(`${FOLDER}/config.json`, "utf8"))).toEqual(MODEL_CONFIG);
    expect(JSON.parse(await readFile(`${FOLDER}/tokenizer.json`, "utf8"))).toEqual(trainTokenizer(1));
  });

  it("has 455,520 parameters", () => {
    let count = 0;
    for (const { shape } of model.parameters().values()) count += shape.reduce((a, b) => a * b, 1);
    expect(count).toBe(455_520);
  });

  it("knows the general corpus: texts that it never saw cost less than 1 nat a token, guessing costs 6.2", async () => {
    const { tokenizer } = model;
    if (tokenizer === undefined) throw new Error("no tokenizer");
    const losses = await model.losses(packed(tokenizer, { seed: 99, step: 0, rows: 16, tokens: 48 }));
    expect(losses.reduce((sum, loss) => sum + loss, 0) / 16).toBeLessThan(1);
  });
});

describe("its tokenizer", () => {
  const tokens = (text: string): number[] => Array.from(model.tokenizer?.encode(text) ?? []);

  it("begins with the end token and takes digits one by one", () => {
    expect(tokens("")).toEqual([0]);
    expect(tokens("1234")).toHaveLength(5);
    expect(tokens(" 1234")).toHaveLength(5);
  });

  it("encodes and decodes any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(model.tokenizer?.decode(tokens(text), { skipSpecialTokens: true })).toBe(text);
      }),
    );
  });

  it("needs at most 48 tokens for a row of the mixture", () => {
    const { tokenizer } = model;
    if (tokenizer === undefined) throw new Error("no tokenizer");
    for (const row of mixture({ seed: 1 }).train) {
      const { inputIds, labels } = encode(row, tokenizer);
      expect(inputIds.length).toBeLessThanOrEqual(48);
      const learned = labels.filter((label) => label !== -100);
      expect(tokenizer.decode(learned, { skipSpecialTokens: true })).toBe(render(row).completion);
    }
  });
});
