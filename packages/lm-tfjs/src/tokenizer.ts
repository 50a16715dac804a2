import { describe } from "@colm/array";
import { Tokenizer as HuggingFaceTokenizer } from "@huggingface/tokenizers";
import { type Files, locate } from "./checkpoint/files.ts";
import { isJsonObject, type JsonObject, parseJsonObject, reason } from "./checkpoint/json-fields.ts";
import { withUnicodeDigits } from "./checkpoint/unicode-digits.ts";

/** Text to token ids and back. */
export interface Tokenizer {
  /**
   * Ids of a text.
   *
   * @param text - Any text; `""` gives the special tokens alone.
   * @param options - `addSpecialTokens`: whether the tokenizer's own template is applied, such as a beginning token; default true.
   * @returns The ids, fresh.
   * @throws {TypeError} If `text` is no string.
   */
  encode(text: string, options?: { addSpecialTokens?: boolean }): Int32Array;
  /**
   * Text of ids.
   *
   * @param ids - Integers in `[0, vocabularySize)`; none give `""`.
   * @param options - `skipSpecialTokens`: whether special tokens are left out; default false. `cleanUp`: whether spaces before punctuation go
   *   where the configuration asks for it; default true. Without it the text of a beginning is a beginning of the text.
   * @throws {RangeError} If an id is no such integer.
   */
  decode(ids: ArrayLike<number>, options?: { skipSpecialTokens?: boolean; cleanUp?: boolean }): string;
  /** One above the largest id. */
  readonly vocabularySize: number;
  readonly bosId?: number;
  readonly eosId?: number;
  /** What batches are padded with: the declared padding token, else the end token, else 0. Padding never counts in a loss. */
  readonly padId: number;
}

/** Special tokens by name or by id, where the tokenizer's own files do not say. */
export interface SpecialTokens {
  readonly bosTokenId?: number;
  readonly eosTokenIds?: readonly number[];
  readonly padTokenId?: number;
}

/**
 * A `tokenizer.json` as a tokenizer.
 *
 * @param tokenizerJson - The parsed file.
 * @param options - `config`: the parsed `tokenizer_config.json`, which names the special tokens. `special`: their ids, for tokenizers
 *   that come without one.
 * @returns The tokenizer.
 * @throws {RangeError} If the file is no tokenizer, or of a kind that `@huggingface/tokenizers` does not know.
 * @remarks The work is done by `@huggingface/tokenizers`, with its `Digits` widened from ASCII to Unicode as in the reference library; decoding leaves the text as it is unless the configuration asks for
 *   `clean_up_tokenization_spaces`.
 * @example
 * const vocab = { a: 0, b: 1, ab: 2, "<end>": 3 };
 * const tokenizer = createTokenizer(
 *   {
 *     added_tokens: [{ id: 3, content: "<end>", special: true }], normalizer: null, pre_tokenizer: null, post_processor: null,
 *     decoder: { type: "Fuse" }, model: { type: "BPE", vocab, merges: [["a", "b"]] },
 *   },
 *   { config: { eos_token: "<end>" } },
 * );
 * [...tokenizer.encode("abb")]; // => [2, 1]
 * tokenizer.decode([2, 1, 3], { skipSpecialTokens: true }); // => "abb"
 * tokenizer.eosId; // => 3
 */
export function createTokenizer(
  tokenizerJson: unknown,
  options: { config?: unknown; special?: SpecialTokens } = {},
): Tokenizer {
  const { config = {}, special = {} } = options;
  return wrap("createTokenizer", "tokenizer.json", tokenizerJson, config, special);
}

/**
 * The tokenizer of a Hugging Face folder.
 *
 * @param files - Where `tokenizer.json` and, where there is one, `tokenizer_config.json` are.
 * @param special - Special tokens of the model's configuration, for tokenizers that do not name their own.
 * @returns The tokenizer, or undefined where there is no `tokenizer.json`.
 * @throws {RangeError} If a file is not JSON, or as `createTokenizer`.
 */
export async function readTokenizer(
  files: Files,
  special: SpecialTokens = {},
): Promise<Tokenizer | undefined> {
  const caller = "readTokenizer";
  if ((await files.size("tokenizer.json")) === undefined) return undefined;
  const file = locate(files, "tokenizer.json");
  const json = parseJsonObject(caller, file, await files.read("tokenizer.json"));
  const configName = "tokenizer_config.json";
  const config =
    (await files.size(configName)) === undefined
      ? {}
      : parseJsonObject(caller, locate(files, configName), await files.read(configName));
  return wrap(caller, file, json, config, special);
}

/** Refuses a tokenizer with ids that the model has no embedding for. A larger vocabulary in the model is common and fine. */
export function requireFittingTokenizer(caller: string, tokenizer: Tokenizer, vocabSize: number): void {
  if (tokenizer.vocabularySize <= vocabSize) return;
  throw new RangeError(
    `${caller}: "tokenizer.json" must fit the model's vocabulary, ids below ${vocabSize}, got ids up to ${tokenizer.vocabularySize - 1}`,
  );
}

function wrap(
  caller: string,
  file: string,
  json: unknown,
  config: unknown,
  special: SpecialTokens,
): Tokenizer {
  if (!isJsonObject(json) || !isJsonObject(json.model) || !Array.isArray(json.added_tokens)) {
    throw new RangeError(
      `${caller}: "${file}" must be a tokenizer with "model" and "added_tokens", got one without`,
    );
  }
  if (!isJsonObject(config)) {
    throw new TypeError(`${caller}: "tokenizer_config.json" must be a JSON object, got ${describe(config)}`);
  }
  const inner = construct(caller, file, json, config);
  let vocabularySize = 0;
  for (const id of inner.get_vocab().values()) vocabularySize = Math.max(vocabularySize, id + 1);
  const bosId = named(inner, config, "bos_token") ?? special.bosTokenId;
  const eosId = named(inner, config, "eos_token") ?? special.eosTokenIds?.at(0);
  const padId = named(inner, config, "pad_token") ?? special.padTokenId ?? eosId ?? 0;
  return {
    vocabularySize,
    ...(bosId === undefined ? {} : { bosId }),
    ...(eosId === undefined ? {} : { eosId }),
    padId,
    encode(text, { addSpecialTokens = true } = {}) {
      if (typeof text !== "string") {
        throw new TypeError(`encode: "text" must be a string, got ${describe(text)}`);
      }
      return Int32Array.from(inner.encode(text, { add_special_tokens: addSpecialTokens }).ids);
    },
    decode(ids, { skipSpecialTokens = false, cleanUp = true } = {}) {
      const list = Array.from(ids);
      for (const [i, id] of list.entries()) {
        if (Number.isInteger(id) && id >= 0 && id < vocabularySize) continue;
        throw new RangeError(
          `decode: "ids" must be integers in [0, ${vocabularySize}), got ${describe(id)} at ${i}`,
        );
      }
      if (list.length === 0) return "";
      const cleaning = cleanUp ? {} : { clean_up_tokenization_spaces: false };
      return inner.decode(list, { skip_special_tokens: skipSpecialTokens, ...cleaning });
    },
  };
}

function construct(caller: string, file: string, json: JsonObject, config: JsonObject): HuggingFaceTokenizer {
  try {
    const repaired = { ...json, pre_tokenizer: withUnicodeDigits(json.pre_tokenizer) };
    return new HuggingFaceTokenizer(repaired, { clean_up_tokenization_spaces: false, ...config });
  } catch (error) {
    throw new RangeError(
      `${caller}: "${file}" must be a tokenizer that @huggingface/tokenizers reads, got ${reason(error)}`,
    );
  }
}

/** Id of a special token that the configuration names, as text or as an object with `content`. */
function named(inner: HuggingFaceTokenizer, config: JsonObject, key: string): number | undefined {
  const found = config[key];
  const content = isJsonObject(found) ? found.content : found;
  return typeof content === "string" ? inner.token_to_id(content) : undefined;
}
