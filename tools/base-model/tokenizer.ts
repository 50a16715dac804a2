import { render } from "@colm/data";
import { KINDS } from "../problems/kinds.ts";
import { mixture } from "../problems/mixture.ts";
import { trainMerges } from "./bpe.ts";
import { byteAlphabet } from "./byte-alphabet.ts";
import { corpusText } from "./corpus.ts";

/** The one special token: it begins and ends every text. */
const END = "<|endoftext|>";
export const VOCABULARY = 512;

const DIGIT = " ?[0-9]";
const WORDS = /\n| ?[0-9]| ?\p{L}+| ?[^\s\p{L}\p{N}]+|\s+/gu;

/** A byte-level tokenizer.json trained on the corpus and on the words of the mixture; every digit is a token of its own. */
export function trainTokenizer(seed: number): object {
  const alphabet = byteAlphabet();
  const letters = (text: string): string =>
    Array.from(new TextEncoder().encode(text), (byte) => alphabet[byte]).join("");
  const words = new Map<string, number>();
  for (const text of texts(seed)) {
    for (const [word] of text.matchAll(WORDS)) words.set(letters(word), (words.get(letters(word)) ?? 0) + 1);
  }
  const merges = trainMerges(words, VOCABULARY - 1 - alphabet.length);
  const tokens = [END, ...alphabet, ...merges.map(([left, right]) => left + right)];
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [
      {
        id: 0,
        content: END,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      },
    ],
    normalizer: null,
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        { type: "Split", pattern: { Regex: DIGIT }, behavior: "Isolated", invert: false },
        { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
      ],
    },
    post_processor: {
      type: "TemplateProcessing",
      single: [{ SpecialToken: { id: END, type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }],
      pair: [
        { SpecialToken: { id: END, type_id: 0 } },
        { Sequence: { id: "A", type_id: 0 } },
        { Sequence: { id: "B", type_id: 1 } },
      ],
      special_tokens: { [END]: { id: END, ids: [0], tokens: [END] } },
    },
    decoder: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges,
    },
  };
}

/** The corpus, and as many words from every kind of the mixture's training rows, each kind alike. */
function* texts(seed: number): Generator<string> {
  for (let position = 0; position < 8000; position++) yield corpusText(seed, position);
  const { train } = mixture({ seed });
  for (const { source } of KINDS) {
    const some = train.filter((row) => row.source === source);
    for (let i = 0; i < 400; i++) {
      const { prompt, completion } = render(some[i % some.length]);
      yield prompt + completion;
    }
  }
}
