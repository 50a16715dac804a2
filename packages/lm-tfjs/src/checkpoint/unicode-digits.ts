import { isJsonObject } from "./json-fields.ts";

/**
 * A pre-tokenizer description in which `Digits` splits at every numeric character of Unicode, as the reference library (Rust
 * `char::is_numeric`, categories Nd, Nl and No) does. `@huggingface/tokenizers` 0.2 splits at ASCII digits alone, so that
 * " ½" would stay one word; the same split is said here as a pattern, which it takes as it stands.
 *
 * @param preTokenizer - The `pre_tokenizer` of a `tokenizer.json`, or null.
 * @returns The description without `Digits`, fresh where something changed.
 */
export function withUnicodeDigits(preTokenizer: unknown): unknown {
  if (!isJsonObject(preTokenizer)) return preTokenizer;
  if (preTokenizer.type === "Sequence" && Array.isArray(preTokenizer.pretokenizers)) {
    return { ...preTokenizer, pretokenizers: preTokenizer.pretokenizers.map(withUnicodeDigits) };
  }
  if (preTokenizer.type !== "Digits") return preTokenizer;
  const pattern = { Regex: preTokenizer.individual_digits === true ? "\\p{N}" : "\\p{N}+" };
  return { type: "Split", pattern, behavior: "Isolated", invert: false };
}
