import type { Batch } from "@colm/data";
import type { Tokenizer } from "@colm/lm-tfjs";
import { corpusText } from "./corpus.ts";

/** Which part of the corpus a batch holds. */
export interface PackedOptions {
  readonly seed: number;
  readonly step: number;
  readonly rows: number;
  readonly tokens: number;
}

const TEXTS_PER_ROW = 10;

/** Texts one after another, each begun by the end token, cut at `tokens`: no padding, and every token is learned. */
export function packed(tokenizer: Tokenizer, { seed, step, rows, tokens }: PackedOptions): Batch {
  const inputIds = new Int32Array(rows * tokens);
  for (let r = 0; r < rows; r++) {
    const row = inputIds.subarray(r * tokens, (r + 1) * tokens);
    const first = (step * rows + r) * TEXTS_PER_ROW;
    let filled = 0;
    for (let k = 0; filled < tokens; k++) {
      const ids = tokenizer.encode(corpusText(seed, first + (k % TEXTS_PER_ROW)));
      row.set(ids.subarray(0, tokens - filled), filled);
      filled += ids.length;
    }
  }
  return {
    inputIds,
    attentionMask: new Int32Array(inputIds.length).fill(1),
    labels: inputIds.slice(),
    shape: [rows, tokens],
  };
}
