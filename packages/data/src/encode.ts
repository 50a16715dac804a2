import { describe, requireNatural } from "@colm/array";
import type { Row } from "./row.ts";
import { render, type Template, templates } from "./template.ts";

/** What `encode` needs of a tokenizer; `encode` adds the tokenizer's own special tokens (such as a beginning). */
export interface TextTokenizer {
  encode(text: string): ArrayLike<number>;
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
 * @param row - Rows of tokens keep their tokens and labels; no end is added to them.
 * @param tokenizer - Encodes text with the special tokens of its own that a text begins with; `eosId`, where it has
 *   one, ends every other example exactly once.
 * @param template - The words around instruction and output, `templates.plain` by default.
 * @param options - `maxLength`: tokens kept at most, the end included, an integer of at least 1; no limit by default.
 * @returns The example, its arrays fresh. `truncated` counts the tokens that were cut off.
 * @throws {TypeError | RangeError} If `maxLength` is no such integer, or the tokenizer gives something that is no token.
 * @remarks The template's default ends its prompt without white space, because most tokenizers join a space to the
 *   word after it. Costs two encodings.
 * @example
 * const letters = { encode: (text) => Array.from(text, (letter) => letter.codePointAt(0) ?? 0), eosId: 0 };
 * const row = { prompt: "1+1=", completion: "2", source: "sums" };
 * encode(row, letters).inputIds; // => [49, 43, 49, 61, 50, 0]
 * encode(row, letters).labels; // => [-100, -100, -100, -100, 50, 0]
 */
export function encode(
  row: Row,
  tokenizer: TextTokenizer,
  template: Template = templates.plain,
  options: { readonly maxLength?: number } = {},
): Example {
  const { maxLength = Number.MAX_SAFE_INTEGER } = options;
  requireNatural("encode", "maxLength", maxLength);
  if (maxLength === 0) throw new RangeError('encode: "maxLength" must be at least 1, got 0');
  if ("input_ids" in row) {
    return cut(Int32Array.from(row.input_ids), Int32Array.from(row.labels), row.source, maxLength);
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

function cut(inputIds: Int32Array, labels: Int32Array, source: string, maxLength: number): Example {
  return {
    inputIds: inputIds.slice(0, maxLength),
    labels: labels.slice(0, maxLength),
    source,
    truncated: Math.max(0, inputIds.length - maxLength),
  };
}

function tokensOf(tokenizer: TextTokenizer, text: string): number[] {
  return Array.from(tokenizer.encode(text), (id, t) => {
    if (Number.isInteger(id) && id >= 0 && id < 2 ** 31) return id;
    throw new RangeError(`encode: "tokenizer" must give integers of at least 0, got ${describe(id)} at ${t}`);
  });
}

function commonPrefix(a: readonly number[], b: readonly number[]): number {
  let t = 0;
  while (t < a.length && t < b.length && a[t] === b[t]) t++;
  return t;
}
