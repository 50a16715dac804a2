import { type Row, render, type Template, templates } from "@colm/data";
import { type CausalLM, generate } from "@colm/lm-tfjs";
import { breathe } from "./breathe.ts";
import { checkInteger } from "./check-options.ts";
import { type Evaluation, summarize } from "./summarize.ts";

/** Settings of {@link evaluateAnswers}. */
export interface AnswerOptions {
  /** The words around a row's instruction. Default `templates.plain`. */
  readonly template?: Template | undefined;
  /** The answer in a text, undefined where there is none. Default: the whole text without white space around it. */
  readonly extractAnswer?: ((text: string) => string | undefined) | undefined;
  /** Tokens written for an answer at most, at least 1. Default 64. */
  readonly maxNewTokens?: number | undefined;
  /** Names of the small sources. Default none. */
  readonly smallSources?: readonly string[] | undefined;
  /** Asked before each row. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Share of held-out rows whose answer greedy generation finds: what is extracted from the text written equals what is
 * extracted from the row's own.
 *
 * @param model - With a tokenizer. Only read.
 * @param rows - Rows of any shape but tokens, at least one.
 * @param options - Template, extractor, length.
 * @returns Shares in [0, 1] over the mixture, over sources and over small sources. A row whose own text holds no
 * answer counts as wrong.
 * @throws {RangeError} If there is no row, a row is of tokens, or `maxNewTokens` is not an integer of at least 1.
 * @throws The signal's reason when it is aborted.
 * @remarks One row after the other, each token a pass over one position. Where the answer is the whole completion,
 * `evaluateExactMatch` says the same in one pass per batch.
 */
export async function evaluateAnswers(
  model: CausalLM,
  rows: readonly Row[],
  options: AnswerOptions = {},
): Promise<Evaluation> {
  const {
    template = templates.plain,
    extractAnswer = (text) => text.trim(),
    maxNewTokens = 64,
    smallSources = [],
    signal,
  } = options;
  checkInteger("evaluateAnswers", "maxNewTokens", maxNewTokens, 1);
  if (rows.length === 0) throw new RangeError('evaluateAnswers: "rows" must have at least 1 row, got 0');
  const right = new Uint8Array(rows.length);
  for (const [i, row] of rows.entries()) {
    await breathe(signal);
    if ("input_ids" in row) {
      throw new RangeError(`evaluateAnswers: "rows" must hold text, got tokens at ${i}`);
    }
    const { prompt, completion } = render(row, template);
    let written = "";
    for await (const piece of generate(model, prompt, { maxNewTokens })) written += piece;
    const answer = extractAnswer(completion);
    if (answer !== undefined && extractAnswer(written) === answer) right[i] = 1;
  }
  return summarize(
    right,
    rows.map(({ source }) => source),
    smallSources,
  );
}

/**
 * The last number of a text, as its canonical decimal: where worked solutions of problems put their answer.
 *
 * @param text - Any text; commas between thousands are read over.
 * @returns The number, or undefined where there is none.
 * @example
 * lastNumber("3 boxes of 1,200 make 3600.0"); // => "3600"
 * lastNumber("none"); // => undefined
 */
export function lastNumber(text: string): string | undefined {
  const found = text
    .replaceAll(/(?<=\d),(?=\d{3})/g, "")
    .match(/-?\d+(\.\d+)?/g)
    ?.at(-1);
  return found === undefined ? undefined : String(Number(found));
}
