import { type ChatTemplate, type ChoiceRow, render, type Template, templates } from "@colm/data";
import { type CausalLM, type Choices, choiceLogLikelihoods, type Tokenizer } from "@colm/lm-tfjs";
import { breathe } from "./breathe.ts";
import { checkInteger } from "./check-options.ts";
import { promptIds } from "./evaluate-answers.ts";
import { type Evaluation, summarize } from "./summarize.ts";

/** Settings of {@link evaluateChoices}. */
export interface ChoiceOptions {
  /** The words around a row's instruction. Default `templates.plain`. */
  readonly template?: Template | ChatTemplate | undefined;
  /** Questions side by side, at least 1. Default 8. */
  readonly batchSize?: number | undefined;
  /** Names of the small sources. Default none. */
  readonly smallSources?: readonly string[] | undefined;
  /** Asked before each forward pass. */
  readonly signal?: AbortSignal | undefined;
}

/** How likely a model finds the choices of a row. */
export interface ChosenAnswer {
  /** `log p(choice | prompt)` in nats, one for each choice. */
  readonly logLikelihoods: readonly number[];
  /** The place of the largest, the first of equal ones. */
  readonly bySum: number;
  /** The place of the largest per character. */
  readonly byLength: number;
}

/** Shares of rows whose right choice the model finds likeliest. */
export interface ChoiceEvaluation {
  /** By `log p(choice | prompt)`, the sum over the choice's tokens. */
  readonly bySum: Evaluation;
  /** By `log p(choice | prompt) / characters of the choice`, which does not put longer choices at a disadvantage. */
  readonly byLength: Evaluation;
  /** One for each row, in their order. */
  readonly answers: readonly ChosenAnswer[];
}

/**
 * Multiple choice by log-likelihood: the share of rows whose right choice is the likeliest continuation of the prompt.
 *
 * @param model - With a tokenizer. Only read.
 * @param rows - Questions with choices; an instruction goes into the template and each choice stands for its output, a prompt is continued by each
 * choice as it is.
 * @param options - Template, questions side by side, small sources, signal.
 * @returns Accuracies in [0, 1] over the mixture, over sources and over small sources: by whole sums, and per character.
 * @throws {RangeError} If there is no row, the model has no tokenizer, a prompt is empty, a choice is no place of `choices`, or a question does not
 * fit the model's positions.
 * @throws The signal's reason when it is aborted.
 * @remarks `acc` and `acc_norm` of EleutherAI's lm-evaluation-harness: no end token is added, characters are code points of the choice alone. A
 * chat template's end of turn follows every choice. The prompt, up to the first token in which its choices differ from it, is read once for all
 * of them.
 * @example
 * import { chooseBackend, CausalLM, createModel, createTokenizer, parseModelConfig } from "@colm/lm-tfjs";
 * await chooseBackend("wasm");
 * const config = parseModelConfig({
 *   model_type: "llama", vocab_size: 4, hidden_size: 8, intermediate_size: 16, num_hidden_layers: 1,
 *   num_attention_heads: 2, max_position_embeddings: 16, tie_word_embeddings: true,
 * });
 * const vocab = { a: 0, b: 1, c: 2, " ": 3 };
 * const tokenizer = createTokenizer({
 *   added_tokens: [], normalizer: null, pre_tokenizer: null, post_processor: null, decoder: { type: "Fuse" },
 *   model: { type: "BPE", vocab, merges: [] },
 * });
 * const model = new CausalLM(config, createModel(config, { seed: 1 }).weights, { tokenizer });
 * const { bySum, answers } = await evaluateChoices(model, [{ prompt: "ab", choices: ["c", "a b"], answer: 0, source: "letters" }]);
 * answers[0].logLikelihoods.length; // => 2
 * bySum.micro === (answers[0].bySum === 0 ? 1 : 0); // => true
 */
export async function evaluateChoices(
  model: CausalLM,
  rows: readonly ChoiceRow[],
  options: ChoiceOptions = {},
): Promise<ChoiceEvaluation> {
  const { template = templates.plain, batchSize = 8, smallSources = [], signal } = options;
  const caller = "evaluateChoices";
  checkInteger(caller, "batchSize", batchSize, 1);
  if (rows.length === 0) throw new RangeError(`${caller}: "rows" must have at least 1 row, got 0`);
  for (const [i, { answer, choices }] of rows.entries()) {
    if (Number.isInteger(answer) && answer >= 0 && answer < choices.length) continue;
    throw new RangeError(`${caller}: "answer" must be in [0, ${choices.length - 1}], got ${answer} at ${i}`);
  }
  const { tokenizer } = model;
  if (tokenizer === undefined) {
    throw new RangeError(`${caller}: "model" must have a tokenizer (a folder with tokenizer.json), got none`);
  }
  await breathe(signal);
  const questions = rows.map((row, i) => questionOf(row, i, template, tokenizer));
  const found = await choiceLogLikelihoods(model, questions, { batchSize, signal });
  const answers = found.map((sums, i): ChosenAnswer => {
    const { choices } = rows[i];
    const byLength = sums.map((sum, c) => sum / Array.from(choices[c]).length);
    return { logLikelihoods: [...sums], bySum: largest(sums), byLength: largest(byLength) };
  });
  const sources = rows.map(({ source }) => source);
  const share = (chosen: (answer: ChosenAnswer) => number): Evaluation =>
    summarize(
      rows.map(({ answer }, i) => (chosen(answers[i]) === answer ? 1 : 0)),
      sources,
      smallSources,
    );
  return { bySum: share(({ bySum }) => bySum), byLength: share(({ byLength }) => byLength), answers };
}

/** The tokens that all choices share, and those of each choice behind them. */
function questionOf(
  row: ChoiceRow,
  i: number,
  template: Template | ChatTemplate,
  tokenizer: Tokenizer,
): Choices {
  const { source, choices } = row;
  const chat = "instruction" in row && "render" in template;
  const texts = choices.map((choice) => {
    const whole =
      "prompt" in row
        ? { prompt: row.prompt, completion: choice, source }
        : { instruction: row.instruction, output: choice, source };
    return render(whole, template);
  });
  const [{ prompt }] = texts;
  const before = promptIds(prompt, chat, tokenizer);
  const whole = texts.map(({ completion }) => promptIds(prompt + completion, chat, tokenizer));
  const shared = Math.min(...whole.map((ids) => commonPrefix(before, ids)));
  if (shared === 0) {
    throw new RangeError(`evaluateChoices: "rows" must have prompts of at least 1 token, got 0 at ${i}`);
  }
  return { prompt: before.subarray(0, shared), choices: whole.map((ids) => ids.subarray(shared)) };
}

function commonPrefix(a: Int32Array, b: Int32Array): number {
  let t = 0;
  while (t < a.length && t < b.length && a[t] === b[t]) t++;
  return t;
}

function largest(values: Float64Array): number {
  return values.reduce((best, value, c) => (value > values[best] ? c : best), 0);
}
