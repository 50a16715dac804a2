import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { textStream } from "../src/generate/text-stream.ts";
import {
  addLora,
  CausalLM,
  chooseBackend,
  createTokenizer,
  type GenerateOptions,
  generate,
  generateBatch,
  generateTokens,
  type Tokenizer,
} from "../src/index.ts";
import { tinyArchitectures, tinyOf } from "./tiny-architectures.ts";
import { fillAdapter, tinyConfig, tinyModel } from "./tiny-model.ts";

/** One token per letter, in pairs two; `<end>` is special. 22 ids, so that the models' 24 are more. */
function letters(): Tokenizer {
  const names = [..."abcdefghij .,", "ab", "cd", ". ", "  ", "aa", "bb", "cc", "dd", "<end>"];
  const merges = ["ab", "cd", ". ", "  ", "aa", "bb", "cc", "dd"].map((pair) => [...pair]);
  return createTokenizer(
    {
      added_tokens: [{ id: names.length - 1, content: "<end>", special: true }],
      normalizer: null,
      pre_tokenizer: null,
      post_processor: null,
      decoder: { type: "Fuse" },
      model: {
        type: "BPE",
        vocab: Object.fromEntries(names.map((name, id) => [name, id])),
        merges,
      },
    },
    { config: { clean_up_tokenization_spaces: true } },
  );
}

/** Byte-level tokens `<0x..>` beside words that begin with a space mark, as Llama 2 writes them. */
function byteFallback(): Tokenizer {
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`,
  );
  const names = [...bytes, "▁", "▁a", "b", "▁b"];
  return createTokenizer({
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: {
      type: "Sequence",
      decoders: [
        { type: "Replace", pattern: { String: "▁" }, content: " " },
        { type: "ByteFallback" },
        { type: "Fuse" },
        { type: "Strip", content: " ", start: 1, stop: 0 },
      ],
    },
    model: { type: "BPE", vocab: Object.fromEntries(names.map((name, id) => [name, id])), merges: [] },
  });
}

describe("textStream", () => {
  const tokenizer = byteFallback();
  const written = (prompt: number[], ids: number[]): string[] => {
    const stream = textStream(tokenizer, prompt);
    return [...ids.map((id) => stream.push(id)), stream.end()];
  };
  const euro = [0xe2, 0x82, 0xac];

  it("waits for whole characters", () => {
    expect(written([257], [...euro, 258, ...euro.slice(0, 2)])).toEqual(["", "", "€", "b", "", "", "\uFFFD"]);
    expect(written([257], [0xf0, 0x9f, 0x99, 0x82])).toEqual(["", "", "", "🙂", ""]);
  });

  it("keeps the spaces that a decoder takes away from a beginning", () => {
    expect(written([257], [259, 259, 256, 257])).toEqual([" b", " b", " ", " a", ""]);
    expect(written([], [259, 259])).toEqual(["b", " b", ""]);
  });

  it("gives no text to ids beyond the vocabulary", () => {
    expect(written([257], [260, 258])).toEqual(["", "b", ""]);
  });

  it("adds up to the whole text behind the prompt's, whatever the tokens", () => {
    const id = fc.oneof(
      fc.integer({ min: 0, max: 259 }),
      fc.constantFrom(...euro, 0xc3, 0xa9, 256, 257, 258, 259),
    );
    fc.assert(
      fc.property(fc.array(id, { maxLength: 4 }), fc.array(id, { maxLength: 12 }), (before, ids) => {
        // a prompt is text: it ends with a whole character
        const prompt = [...before, 258];
        const [whole, start] = [[...prompt, ...ids], prompt].map((all) => tokenizer.decode(all));
        const pieces = written(prompt, ids);
        expect(pieces.join("")).toBe(whole.slice(start.length));
        for (const piece of pieces.slice(0, -1)) expect(piece.endsWith("\uFFFD")).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

let model: CausalLM;
beforeAll(async () => {
  await chooseBackend("wasm");
});
afterEach(() => model?.dispose());

/** The model with a tokenizer. */
const speaking = (made: CausalLM): CausalLM =>
  new CausalLM(made.config, made.weights, { tokenizer: letters() });

async function piecesOf(prompt: string, options: GenerateOptions): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of generate(model, prompt, options)) pieces.push(piece);
  return pieces;
}

describe("generate", () => {
  const drawing = { maxNewTokens: 24, temperature: 2, seed: 3 };

  it("writes the same text from the same seed, and ends it before a stop string across tokens", async () => {
    model = speaking(tinyModel());
    const whole = (await piecesOf("ab", drawing)).join("");
    expect((await piecesOf("ab", drawing)).join("")).toBe(whole);
    expect((await piecesOf("ab", { ...drawing, seed: 4 })).join("")).not.toBe(whole);
    expect(whole.length).toBeGreaterThan(12);
    for (let at = 0; at + 3 <= whole.length; at += 4) {
      for (const length of [1, 2, 3]) {
        const stop = whole.slice(at, at + length);
        const text = (await piecesOf("ab", { ...drawing, stop })).join("");
        expect(text).toBe(whole.slice(0, whole.indexOf(stop)));
      }
    }
    // a stop string that never comes
    expect((await piecesOf("ab", { ...drawing, stop: [`${whole}!`, "?"] })).join("")).toBe(whole);
  });

  it("does not look for stop strings in the prompt", async () => {
    model = speaking(tinyModel());
    const whole = (await piecesOf("ab.", drawing)).join("");
    const text = (await piecesOf("ab.", { ...drawing, stop: "ab." })).join("");
    expect(text).toBe(whole.split("ab.")[0]);
  });

  it("ends where nothing is to be written", async () => {
    model = speaking(tinyModel());
    expect(await piecesOf("ab", { maxNewTokens: 0 })).toEqual([]);
    expect(await generateBatch(model, ["ab", "c"], { maxNewTokens: 0 })).toEqual(["", ""]);
    expect(await generateBatch(model, [])).toEqual([]);
  });

  it("refuses stop strings that are none", async () => {
    model = speaking(tinyModel());
    await expect(piecesOf("a", { stop: ["b", ""] })).rejects.toThrow(
      new RangeError('generate: "stop" must hold strings of at least 1 character, got "" at 1'),
    );
  });
});

describe("generateBatch", () => {
  const prompts = ["ab", "cd. ab", "j", "a,b,c,d,e,f", "ab", "hij"];

  it.each([["llama", undefined] as const, ...tinyArchitectures])(
    "writes what generate writes for each prompt: %s",
    async (_, fields) => {
      const made = fields ? tinyOf(fields) : tinyModel();
      addLora(made, { rank: 3, alpha: 6, targets: ["all-linear"], seed: 2 });
      fillAdapter(made);
      model = speaking(made);
      const alone: string[] = [];
      for (const prompt of prompts) alone.push((await piecesOf(prompt, { maxNewTokens: 20 })).join(""));
      const before = tf.memory().numTensors;
      for (const batchSize of [1, 4, 16]) {
        expect(await generateBatch(model, prompts, { maxNewTokens: 20, batchSize })).toEqual(alone);
      }
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it("ends each text by itself: at an end token, a stop string, or where the positions end", async () => {
    const made = tinyModel();
    model = speaking(made);
    const alone: string[] = [];
    for (const prompt of prompts) alone.push((await piecesOf(prompt, {})).join(""));
    const stop = alone[1].slice(3, 5);
    const done: number[] = [];
    const options = { batchSize: 4, stop, onProgress: (count: number) => done.push(count) };
    const stopped = alone.map((text) => text.split(stop)[0]);
    expect(await generateBatch(model, prompts, options)).toEqual(stopped);
    expect(done).toEqual([1, 2, 3, 4, 5, 6]);
    // the third token of one text as the end token of all
    const ids: number[] = [];
    for await (const id of generateTokens(model, letters().encode(prompts[3]), { maxNewTokens: 3 }))
      ids.push(id);
    const end = ids[2];
    const ending = new CausalLM({ ...made.config, eosTokenIds: [end] }, made.weights, {
      tokenizer: letters(),
    });
    const ended: string[] = [];
    for (const prompt of prompts) {
      let text = "";
      for await (const piece of generate(ending, prompt)) text += piece;
      ended.push(text);
    }
    expect(ended).not.toEqual(alone);
    expect(await generateBatch(ending, prompts)).toEqual(ended);
  });

  it("draws text i from stream i of the seed, the first one as generate does", async () => {
    model = speaking(tinyModel());
    const drawing = { maxNewTokens: 10, temperature: 1, topK: 8, topP: 0.9, seed: 5 };
    const texts = await generateBatch(model, ["ab", "ab", "ab"], drawing);
    expect(texts[0]).toBe((await piecesOf("ab", drawing)).join(""));
    expect(new Set(texts).size).toBe(3);
    expect(await generateBatch(model, ["ab", "ab", "ab"], { ...drawing, batchSize: 1 })).toEqual(texts);
  });

  it("says which prompt is wrong, and stops at a signal", async () => {
    model = speaking(tinyModel());
    const refused = (run: Promise<unknown>, message: string): Promise<void> =>
      expect(run).rejects.toThrow(new RangeError(message));
    await refused(
      generateBatch(model, ["a", ""]),
      'generateBatch: "prompt" must have 1 to 32 tokens, got 0 in prompt 1',
    );
    await refused(
      generateBatch(model, ["a"], { batchSize: 0 }),
      'generateBatch: "batchSize" must be at least 1, got 0',
    );
    const before = tf.memory().numTensors;
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(generateBatch(model, ["a"], { signal })).rejects.toThrow("enough");
    expect(tf.memory().numTensors).toBe(before);
    const plain = tinyModel();
    await refused(
      generateBatch(plain, ["a"]),
      'generateBatch: "model" must have a tokenizer (a folder with tokenizer.json), got none',
    );
    plain.dispose();
    expect(tinyConfig().vocabSize).toBeGreaterThan(letters().vocabularySize);
  });
});
