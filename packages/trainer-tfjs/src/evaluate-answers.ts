import { type ChatTemplate, type Row, render, type Template, templates } from "@colm/data";
import { type CausalLM, generateBatch, type Tokenizer } from "@colm/lm-tfjs";
import { breathe } from "./breathe.ts";
import { checkInteger } from "./check-options.ts";
import { extractAnswer as extractAny } from "./evaluate-extract-answer.ts";
import { sameAnswer } from "./evaluate-same-answer.ts";
import { type Evaluation, summarize } from "./summarize.ts";

/** Settings of {@link evaluateAnswers}. */
export interface AnswerOptions {
  /** The words around a row's instruction. Default `templates.plain`; conversations need a chat template. */
  readonly template?: Template | ChatTemplate | undefined;
  /** The answer in a text, undefined where there is none. Default `extractAnswer`; `(text) => text.trim()` takes the whole text. */
  readonly extractAnswer?: ((text: string) => string | undefined) | undefined;
  /** Whether a written answer is the expected one. Default `sameAnswer`. */
  readonly isSame?: ((answer: string, expected: string) => boolean) | undefined;
  /** Tokens written for an answer at most, at least 1. Default 64. */
  readonly maxNewTokens?: number | undefined;
  /** A written text ends before the first of these strings, such as `"\nQ:"`. Default none. */
  readonly stop?: string | readonly string[] | undefined;
  /** Texts written side by side, at least 1. Default 16. */
  readonly batchSize?: number | undefined;
  /** Names of the small sources. Default none. */
  readonly smallSources?: readonly string[] | undefined;
  /** Asked before each token. */
  readonly signal?: AbortSignal | undefined;
  /** Told how many texts are finished. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** What a model wrote for a row, and what was found in it. */
export interface WrittenAnswer {
  /** The text behind the prompt. */
  readonly text: string;
  readonly answer?: string;
  /** The answer in the row's own text. */
  readonly expected?: string;
  readonly right: boolean;
}

/** Shares of right answers, and the answers. */
export interface AnswerEvaluation extends Evaluation {
  /** One for each row, in their order. */
  readonly answers: readonly WrittenAnswer[];
}

/**
 * Generated exact match: the share of held-out rows whose answer greedy generation finds. The model writes a text for each prompt; what is
 * extracted from it is compared with what is extracted from the row's own text.
 *
 * @param model - With a tokenizer. Only read.
 * @param rows - Rows of any shape with a prompt, so neither tokens nor plain text; of a conversation the last turn of the assistant is asked
 * for.
 * @param options - Template, extractor, comparison, length, stop strings.
 * @returns Shares in [0, 1] over the mixture, over sources and over small sources, and every text. A row whose own text holds no
 * answer counts as wrong.
 * @throws {RangeError} If there is no row, a row has no prompt, the model no tokenizer, or an option is out of range.
 * @throws The signal's reason when it is aborted.
 * @remarks `batchSize` texts are written side by side, three to four times as fast as one by one on the wasm back end (`pnpm bench generate`). Where the answer is the
 * whole completion, the teacher-forced `evaluateExactMatch` says the same in one pass per batch.
 */
export async function evaluateAnswers(
  model: CausalLM,
  rows: readonly Row[],
  options: AnswerOptions = {},
): Promise<AnswerEvaluation> {
  const { template = templates.plain, extractAnswer = extractAny, isSame = sameAnswer } = options;
  const { maxNewTokens = 64, stop, batchSize = 16, smallSources = [], signal, onProgress } = options;
  const caller = "evaluateAnswers";
  checkInteger(caller, "maxNewTokens", maxNewTokens, 1);
  checkInteger(caller, "batchSize", batchSize, 1);
  if (rows.length === 0) throw new RangeError(`${caller}: "rows" must have at least 1 row, got 0`);
  const asked = rows.map((row, i) => askedOf(row, i, template));
  const { tokenizer } = model;
  if (tokenizer === undefined) {
    throw new RangeError(`${caller}: "model" must have a tokenizer (a folder with tokenizer.json), got none`);
  }
  await breathe(signal);
  const prompts = asked.map(({ prompt, chat }) => promptIds(prompt, chat, tokenizer));
  const generating = { maxNewTokens, stop, batchSize, signal, onProgress };
  const texts = await generateBatch(model, prompts, generating);
  const answers = texts.map((text, i): WrittenAnswer => {
    const [answer, expected] = [extractAnswer(text), extractAnswer(asked[i].completion)];
    const right = answer !== undefined && expected !== undefined && isSame(answer, expected);
    return {
      text,
      ...(answer === undefined ? {} : { answer }),
      ...(expected === undefined ? {} : { expected }),
      right,
    };
  });
  const sources = rows.map(({ source }) => source);
  const right = answers.map((answer) => (answer.right ? 1 : 0));
  return { ...summarize(right, sources, smallSources), answers };
}

/** A prompt, and the text that should follow it, without what a chat template puts around it. */
interface Asked {
  readonly prompt: string;
  readonly completion: string;
  /** Whether the prompt names its special tokens itself. */
  readonly chat: boolean;
}

function askedOf(row: Row, i: number, template: Template | ChatTemplate): Asked {
  if ("input_ids" in row) {
    throw new RangeError(`evaluateAnswers: "rows" must hold text, got tokens at ${i}`);
  }
  if ("text" in row) {
    throw new RangeError(`evaluateAnswers: "rows" must have a prompt, got plain text at ${i}`);
  }
  const { prompt } = render(row, template);
  if ("prompt" in row) return { prompt, completion: row.completion, chat: false };
  const chat = "render" in template;
  if ("instruction" in row) return { prompt, completion: row.output, chat };
  return {
    prompt,
    completion: row.messages.findLast(({ role }) => role === "assistant")?.content ?? "",
    chat,
  };
}

/** The tokens of a prompt; a chat template writes the tokenizer's own special tokens itself. */
export function promptIds(prompt: string, chat: boolean, tokenizer: Tokenizer): Int32Array {
  return tokenizer.encode(prompt, { addSpecialTokens: !chat });
}
