import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { heldFiles } from "../src/checkpoint/files.ts";
import { folder } from "../src/checkpoint/folder.ts";
import { createTokenizer, readTokenizer, requireFittingTokenizer } from "../src/tokenizer.ts";

/** Letters a and b, the merge "ab", a space, and an end token. */
const tiny = {
  added_tokens: [{ id: 4, content: "<end>", special: true }],
  normalizer: null,
  pre_tokenizer: null,
  post_processor: null,
  decoder: { type: "Fuse" },
  model: { type: "BPE", vocab: { a: 0, b: 1, ab: 2, " ": 3, "<end>": 4 }, merges: [["a", "b"]] },
};
const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

describe("createTokenizer", () => {
  it("merges, and finds special tokens in the text", () => {
    const tokenizer = createTokenizer(tiny, { config: { eos_token: { content: "<end>" } } });
    expect(tokenizer.encode("aab b<end>")).toEqual(Int32Array.of(0, 2, 3, 1, 4));
    expect(tokenizer.decode([0, 2, 3, 1, 4])).toBe("aab b<end>");
    expect(tokenizer.decode(Int32Array.of(0, 2, 3, 1, 4), { skipSpecialTokens: true })).toBe("aab b");
    expect(tokenizer).toMatchObject({ vocabularySize: 5, eosId: 4, padId: 4 });
    expect(tokenizer).not.toHaveProperty("bosId");
  });

  it("takes special tokens from the model where its own files name none, and pads with 0 where nothing does", () => {
    const special = { bosTokenId: 0, eosTokenIds: [1, 2], padTokenId: 3 };
    expect(createTokenizer(tiny, { special })).toMatchObject({ bosId: 0, eosId: 1, padId: 3 });
    expect(createTokenizer(tiny).padId).toBe(0);
  });

  it("gives nothing for nothing", () => {
    const tokenizer = createTokenizer(tiny);
    expect(tokenizer.encode("")).toEqual(new Int32Array(0));
    expect(tokenizer.decode([])).toBe("");
  });

  it("splits at every numeric character, as the reference library does", () => {
    const model = {
      type: "BPE",
      vocab: { "½": 0, "2": 1, "½2": 2, "22": 3 },
      merges: [
        ["½", "2"],
        ["2", "2"],
      ],
    };
    const digits = (individual: boolean): object => ({ type: "Digits", individual_digits: individual });
    const each = createTokenizer({ ...tiny, added_tokens: [], pre_tokenizer: digits(true), model });
    expect(each.encode("½22")).toEqual(Int32Array.of(0, 1, 1));
    const nested = { type: "Sequence", pretokenizers: [digits(false)] };
    const runs = createTokenizer({ ...tiny, added_tokens: [], pre_tokenizer: nested, model });
    expect(runs.encode("½22")).toEqual(Int32Array.of(2, 1));
  });

  it("refuses bad arguments", () => {
    const tokenizer = createTokenizer(tiny);
    // @ts-expect-error: a number is no text
    expect(() => tokenizer.encode(3)).toThrow(new TypeError('encode: "text" must be a string, got 3'));
    expect(() => tokenizer.decode([0, 5])).toThrow(
      new RangeError('decode: "ids" must be integers in [0, 5), got 5 at 1'),
    );
    expect(() => createTokenizer({})).toThrow(
      new RangeError(
        'createTokenizer: "tokenizer.json" must be a tokenizer with "model" and "added_tokens", got one without',
      ),
    );
    expect(() => createTokenizer({ ...tiny, decoder: { type: "Odd" } })).toThrow(
      /^createTokenizer: "tokenizer.json" must be a tokenizer that @huggingface\/tokenizers reads, got [^\n]+$/,
    );
    expect(() => createTokenizer(tiny, { config: [] })).toThrow(
      new TypeError('createTokenizer: "tokenizer_config.json" must be a JSON object, got an array of 0'),
    );
  });

  it("must fit the vocabulary", () => {
    const tokenizer = createTokenizer(tiny);
    expect(() => requireFittingTokenizer("loadModel", tokenizer, 5)).not.toThrow();
    expect(() => requireFittingTokenizer("loadModel", tokenizer, 4)).toThrow(
      new RangeError(
        'loadModel: "tokenizer.json" must fit the model\'s vocabulary, ids below 4, got ids up to 4',
      ),
    );
  });
});

describe("readTokenizer", () => {
  it("is undefined where there is none", async () => {
    expect(await readTokenizer(heldFiles(new Map()))).toBeUndefined();
  });

  it("reads the names of special tokens beside it", async () => {
    const files = heldFiles(
      new Map([
        ["tokenizer.json", json(tiny)],
        ["tokenizer_config.json", json({ eos_token: "<end>", pad_token: "a" })],
      ]),
    );
    expect(await readTokenizer(files)).toMatchObject({ eosId: 4, padId: 0 });
  });

  it("refuses what is not JSON, by name", async () => {
    const files = heldFiles(new Map([["tokenizer.json", Uint8Array.of(0x5b)]]));
    await expect(readTokenizer(files)).rejects.toThrow(
      /^readTokenizer: "tokenizer.json" must be JSON, got [^\n]+$/,
    );
  });
});

const models = new URL("../../../../shared/models/", import.meta.url);

describe.skipIf(!existsSync(models))("golden ids", () => {
  const names = ["stories260K-hf", "dev-bpe-1024", "dev-bpe-4096", "gpt2-bpe"];

  it.each(names)("%s: every text gives its ids and comes back", async (name) => {
    const place = fileURLToPath(new URL(`${name}/`, models));
    const golden = JSON.parse(readFileSync(`${place}golden.json`, "utf8"));
    const tokenizer = await readTokenizer(folder(place));
    const cases: { text: string; ids: number[] }[] = golden.tokenizer_cases ?? golden;
    expect(cases.length).toBeGreaterThan(5);
    for (const { text, ids } of cases) {
      expect([text, [...(tokenizer?.encode(text) ?? [])]]).toEqual([text, ids]);
      expect(tokenizer?.decode(ids, { skipSpecialTokens: true })).toBe(text);
    }
  });

  it("a byte-level tokenizer gives any text back", async () => {
    const tokenizer = await readTokenizer(folder(fileURLToPath(new URL("dev-bpe-1024/", models))));
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(tokenizer?.decode(tokenizer.encode(text))).toBe(text);
      }),
    );
  });
});

it.runIf(!existsSync(models))("golden files are missing: skipped", () => {
  expect(existsSync(models)).toBe(false);
});
