import { describe, requireNatural } from "@colm/array";
import type { ChatTemplate } from "./chat-template.ts";
import type { ChatText } from "./chat-text.ts";
import type { Row } from "./row.ts";
import { messagesOf, noChatTemplate, render, type Template, templates } from "./template.ts";

/** What `encode` needs of a tokenizer. */
export interface TextTokenizer {
  /**
   * Ids of a text, with the special tokens that the tokenizer itself puts around it (such as a beginning), or without
   * them where `addSpecialTokens` is false. Special tokens that the text names (`<|im_end|>`) count as such either way.
   */
  encode(text: string, options?: { addSpecialTokens?: boolean }): ArrayLike<number>;
  readonly eosId?: number;
}

/** One row as tokens: token `t` is learned where `labels[t]` is not -100. */
export interface Example {
  readonly inputIds: Int32Array;
  /** Equal to `inputIds` where the model should learn to predict that token, -100 elsewhere. */
  readonly labels: Int32Array;
  readonly source: string;
  /** Tokens cut off at the end because the row was longer than `maxLength`. */
  readonly truncated: number;
}

/** The label of a token that is not learned. */
export const IGNORED = -100;

/**
 * Turns a row into tokens and labels, `inputIds = tokens(prompt + completion) + eos`, `labels = -100` on the prompt.
 *
 * The prompt ends, and the labels begin, at the first token in which `tokens(prompt)` and
 * `tokens(prompt + completion)` differ: a token that holds the end of the one and the beginning of the other is learned.
 *
 * In a conversation the assistant's turns are learned, `labels[t] = inputIds[t]` for the tokens of the spans that
 * `template.learned` names. Their borders are found in the same way: a token belongs to a span from the first one in which
 * `tokens(text before the span)` and `tokens(text)` differ, up to the first in which `tokens(text up to its end)` does.
 *
 * @param row - Rows of tokens keep their tokens and labels; no end is added to them, nor to conversations.
 * @param tokenizer - Encodes text with the special tokens of its own that a text begins with, a conversation without them
 *   (its template writes them); `eosId`, where it has one, ends every other example exactly once.
 * @param template - The words around instruction and output, `templates.plain` by default; or a `chatTemplate`, which
 *   conversations need and which makes an instruction and its output a conversation of two turns.
 * @param options - `maxLength`: tokens kept at most, the end included, an integer of at least 1; no limit by default.
 * @returns The example, its arrays fresh. `truncated` counts the tokens that were cut off.
 * @throws {TypeError | RangeError} If `maxLength` is no such integer, or the tokenizer gives something that is no token,
 *   or messages come without a chat template or with one that cannot render them.
 * @remarks The template's default ends its prompt without white space, because most tokenizers join a space to the
 *   word after it. Costs two encodings, of a conversation one and up to
 *   two more per learned turn.
 * @example
 * const letters = { encode: (text) => Array.from(text, (letter) => letter.codePointAt(0) ?? 0), eosId: 0 };
 * const row = { prompt: "1+1=", completion: "2", source: "sums" };
 * encode(row, letters).inputIds; // => [49, 43, 49, 61, 50, 0]
 * encode(row, letters).labels; // => [-100, -100, -100, -100, 50, 0]
 */
export function encode(
  row: Row,
  tokenizer: TextTokenizer,
  template: Template | ChatTemplate = templates.plain,
  options: { readonly maxLength?: number } = {},
): Example {
  const { maxLength = Number.MAX_SAFE_INTEGER } = options;
  requireNatural("encode", "maxLength", maxLength);
  if (maxLength === 0) throw new RangeError('encode: "maxLength" must be at least 1, got 0');
  if ("input_ids" in row) {
    return cut(Int32Array.from(row.input_ids), Int32Array.from(row.labels), row.source, maxLength);
  }
  if ("messages" in row || ("instruction" in row && "render" in template)) {
    if (!("render" in template)) throw noChatTemplate("encode");
    return encodeChat(template.learned(messagesOf(row)), tokenizer, row.source, maxLength);
  }
  const { prompt, completion } = render(row, template);
  const before = tokensOf(tokenizer, prompt);
  const ids = tokensOf(tokenizer, prompt + completion);
  const { eosId } = tokenizer;
  if (eosId !== undefined && ids.at(-1) !== eosId) ids.push(eosId);
  const start = commonPrefix(before, ids);
  const labels = Int32Array.from(ids, (id, t) => (t < start ? IGNORED : id));
  return cut(Int32Array.from(ids), labels, row.source, maxLength);
}

function encodeChat(
  { text, spans }: ChatText,
  tokenizer: TextTokenizer,
  source: string,
  maxLength: number,
): Example {
  const bare = { addSpecialTokens: false };
  const ids = tokensOf(tokenizer, text, bare);
  const tokenAt = (letter: number): number =>
    letter === text.length ? ids.length : commonPrefix(tokensOf(tokenizer, text.slice(0, letter), bare), ids);
  const labels = new Int32Array(ids.length).fill(IGNORED);
  for (const [start, end] of spans) {
    const last = tokenAt(end);
    for (let t = tokenAt(start); t < last; t++) labels[t] = ids[t];
  }
  return cut(Int32Array.from(ids), labels, source, maxLength);
}

function cut(inputIds: Int32Array, labels: Int32Array, source: string, maxLength: number): Example {
  return {
    inputIds: inputIds.slice(0, maxLength),
    labels: labels.slice(0, maxLength),
    source,
    truncated: Math.max(0, inputIds.length - maxLength),
  };
}

function tokensOf(tokenizer: TextTokenizer, text: string, options?: { addSpecialTokens: boolean }): number[] {
  return Array.from(tokenizer.encode(text, options), (id, t) => {
    if (Number.isInteger(id) && id >= 0 && id < 2 ** 31) return id;
    throw new RangeError(`encode: "tokenizer" must give integers of at least 0, got ${describe(id)} at ${t}`);
  });
}

function commonPrefix(a: readonly number[], b: readonly number[]): number {
  let t = 0;
  while (t < a.length && t < b.length && a[t] === b[t]) t++;
  return t;
}
