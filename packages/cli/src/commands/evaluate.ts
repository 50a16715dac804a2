import {
  type AnswerOptions,
  boxedAnswer,
  evaluateAnswers,
  evaluateExactMatch,
  evaluatePerplexity,
  extractAnswer,
  lastNumber,
  phraseAnswer,
} from "@colm/trainer-tfjs";
import { commonOptions, progressOf, writeResult } from "../common-options.ts";
import { dataOptions } from "../data-options.ts";
import { type HeldOutMeans, heldOutTable } from "../evaluation-tables.ts";
import { inputError } from "../input-error.ts";
import type { Command, Io } from "../io.ts";
import { knownSources } from "../known-sources.ts";
import { loadChoices } from "../load-choices.ts";
import { loadData, requiredFiles } from "../load-data.ts";
import type { LoadedExamples } from "../load-examples.ts";
import { multipleChoice } from "../multiple-choice.ts";
import { modelOptions, type OpenModel, openModel } from "../open-model.ts";
import { type Options, type OptionTable, optionHelp, parseOptions } from "../option-table.ts";

const kinds = ["answer", "number", "phrase", "boxed", "text"] as const;

const table: OptionTable = {
  ...modelOptions,
  data: {
    value: "FILES",
    kind: "list",
    help: "held-out rows: JSON Lines, Parquet, text, hf://datasets/owner/name",
  },
  ...dataOptions,
  "small-sources": { value: "A,B", help: "sources to average on their own" },
  "batch-size": { value: "N", help: "examples in one forward pass (default 16, of --choices 8)" },
  answers: {
    value: "KIND",
    choices: kinds,
    help: "write answers, and compare: answer, number, phrase, boxed, text",
  },
  "max-new-tokens": { value: "N", help: "tokens of a generated answer at most (default 64)" },
  stop: { value: "TEXT", help: "a generated answer ends before this text" },
  choices: { help: "rows are questions of multiple choice: { instruction or prompt, choices, answer }" },
  ...commonOptions,
};

/** `colm evaluate` */
export const evaluateCommand: Command = {
  help: `colm evaluate: held-out loss, perplexity, exact match and multiple choice of a model

  colm evaluate --model DIR --data FILES [--adapter DIR] [options]

  loss         nats per token of the completions, the mean over examples
  perplexity   exp of the mean loss over tokens
  exact match  teacher-forced: greedy decoding would write the whole completion, to the letter; not of packed chunks
  generated    with --answers: an answer is written greedily (slower) and compared. The answer in a text is, for
               number, the last one; phrase, what follows "The answer is"; boxed, the content of \\boxed{}; answer,
               boxed, else phrase, else number; text, all of it, to the letter. Numbers are compared by value
With --choices rows are questions, { instruction or prompt, choices, answer, source }, the answer a place from 0,
a letter or the text of a choice; measured is the share whose right choice is the likeliest, by whole
log-likelihood and per character.

${optionHelp(table)}

Examples:
  colm evaluate --model llama --data held-out.jsonl
  colm evaluate --model llama --adapter runs/colm-64-of-128/adapter --data held-out.jsonl --json
  colm evaluate --model llama --data held-out.jsonl --answers answer --max-new-tokens 256 --stop "Q:"
  colm evaluate --model llama --data questions.jsonl --choices
  colm evaluate --model runs/colm-64-of-128/model --data books.txt --packing on --max-length 256
`,
  async run(argv, io) {
    const options = parseOptions(argv, table);
    requiredFiles(options, "data");
    requireTogether(options);
    const opened = await openModel(options, io);
    try {
      if (options.flag("choices")) {
        const { value, text } = await multipleChoice(
          opened,
          await loadChoices(opened, options, progressOf(options, io)),
          options,
          io,
        );
        writeResult(options, io, value, text);
      } else {
        const loaded = await loadData("data", opened, options, progressOf(options, io));
        const means = await measured(opened, loaded, options, io);
        writeResult(options, io, means, heldOutTable(means));
      }
      return 0;
    } finally {
      opened.model.dispose();
    }
  },
};

function requireTogether(options: Options): void {
  const answering = ["max-new-tokens", "stop"].find((name) => options.text(name) !== undefined);
  if (options.text("answers") === undefined) {
    if (answering !== undefined) throw inputError(`--${answering} must go with --answers`);
  } else if (options.flag("choices")) throw inputError("--answers must not be given with --choices");
  const rowWise = options.flag("choices") ? "choices" : "answers";
  if (options.text("packing") === "on" && (options.flag(rowWise) || options.text(rowWise) !== undefined)) {
    throw inputError(`--packing must be off with --${rowWise}: chunks are no rows`);
  }
}

async function measured(
  { model }: OpenModel,
  { examples, rows, template, packed }: LoadedExamples,
  options: Options,
  io: Io,
): Promise<HeldOutMeans> {
  const { signal } = io;
  const smallSources = knownSources(
    options.list("small-sources") ?? [],
    examples.map(({ source }) => source),
  );
  const how = { batchSize: options.number("batch-size"), smallSources, signal };
  const means = await evaluatePerplexity(model, examples, how);
  if (packed !== undefined) return means;
  const matches = await evaluateExactMatch(model, examples, how);
  const kind = options.choice("answers", kinds);
  if (kind === undefined) return { ...means, matches };
  const progress = progressOf(options, io);
  const generated = await evaluateAnswers(model, rows, {
    ...how,
    ...comparisons[kind],
    template,
    maxNewTokens: options.number("max-new-tokens"),
    stop: options.text("stop"),
    onProgress: (done) => progress.show(`${done} of ${rows.length} answers`, false),
  });
  progress.done();
  return { ...means, matches, generated };
}

/** What of a text is its answer, and how two are compared. */
const comparisons: Readonly<Record<(typeof kinds)[number], Pick<AnswerOptions, "extractAnswer" | "isSame">>> =
  {
    answer: { extractAnswer },
    number: { extractAnswer: lastNumber },
    phrase: { extractAnswer: phraseAnswer },
    boxed: { extractAnswer: boxedAnswer },
    text: { extractAnswer: (text) => text.trim(), isSame: (answer, expected) => answer === expected },
  };
