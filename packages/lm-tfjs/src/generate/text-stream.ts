import type { Tokenizer } from "../tokenizer.ts";

/** Token ids in, text out. */
export interface TextStream {
  /** Takes the next token; returns the whole characters that are new. */
  push(id: number): string;
  /** The rest, when no more tokens come. */
  end(): string;
}

/**
 * The text that tokens add to those before them.
 *
 * @param tokenizer - Its special tokens are left out; ids beyond its vocabulary, which models may have room for, have no text.
 * @param prompt - Ids before the first one.
 * @returns A stream whose pieces never end inside a character: a U+FFFD at the end may be bytes of one that are still to come, and waits.
 * @remarks Only the tokens since the last piece are decoded again, and those of that piece, so that a decoder that treats a beginning in its
 *   own way does so with and without the new ones.
 */
export function textStream(tokenizer: Tokenizer, prompt: ArrayLike<number>): TextStream {
  const decode = (ids: readonly number[]): string =>
    tokenizer.decode(ids, { skipSpecialTokens: true, cleanUp: false });
  let ids = Array.from(prompt);
  let shown = decode(ids);
  let first = ids.length;
  /** What of the text of `ids` is new; from then on it counts as known. */
  const emit = (text: string): string => {
    const piece = text.slice(shown.length);
    if (piece === "") return "";
    ids = ids.slice(first);
    first = ids.length;
    shown = decode(ids);
    return piece;
  };
  return {
    push(id) {
      if (id >= tokenizer.vocabularySize) return "";
      ids.push(id);
      const text = decode(ids);
      return text.endsWith("\uFFFD") || !text.startsWith(shown) ? "" : emit(text);
    },
    end: () => emit(decode(ids)),
  };
}
