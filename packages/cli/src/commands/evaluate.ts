import {
  type Evaluation,
  evaluate,
  evaluateAnswers,
  evaluateExactMatch,
  lastNumber,
} from "@colm/trainer-tfjs";
import { commonOptions, progressOf, writeResult } from "../common-options.ts";
import { dataOptions } from "../data-options.ts";
import { inputError } from "../input-error.ts";
import type { Command, Io } from "../io.ts";
import { knownSources } from "../known-sources.ts";
import { loadChoices } from "../load-choices.ts";
import { loadData } from "../load-data.ts";
import type { LoadedExamples } from "../load-examples.ts";
import { multipleChoice } from "../multiple-choice.ts";
import { modelOptions, type OpenModel, openModel } from "../open-model.ts";
import { type Options, type OptionTable, optionHelp, parseOptions } from "../option-table.ts";
import { textTable } from "../text-table.ts";

const kinds = ["answer", "number", "text"] as const;

const table: OptionTable = {
  ...modelOptions,
  data: {
    value: "FILES",
    kind: "list",
    help: "held-out rows: JSON Lines, Parquet, text, hf://datasets/owner/name",
  },
  ...dataOptions,
  "small-sources": { value: "A,B", help: "sources to average on their own" },
  "batch-size": { value: "N", help: "examples in one forward pass (default 16)" },
  answers: { value: "KIND", choices: kinds, help: "write answers, and compare: answer, number, text" },
  "max-new-tokens": { value: "N", help: "tokens of a generated answer at most (default 64)" },
  stop: { value: "TEXT", help: "a generated answer ends before this text" },
  choices: { help: "rows are questions of multiple choice: { instruction or prompt, choices, answer }" },
  ...commonOptions,
};

/** `colm evaluate` */
export const evaluateCommand: Command = {
  help: `colm evaluate: held-out loss and exact match of a model

  colm evaluate --model DIR --data FILES [--adapter DIR] [options]

Losses are in nats per token of an example; perplexity counts every token alike. Exact match: greedy decoding would
write the whole answer. With --answers it does write one (slower), and compares what stands for the answer in the texts
(answer: boxed, announced or last number, numbers by value), their last numbers, or the whole texts. With --choices: the
share of questions whose right choice is the likeliest, by whole log-likelihood and per character.

${optionHelp(table)}

Examples:
  colm evaluate --model llama --data held-out.jsonl
  colm evaluate --model llama --adapter runs/colm-64-of-128/adapter --data held-out.jsonl --answers number --json
  colm evaluate --model llama --data questions.jsonl --choices
`,
  async run(argv, io) {
    const options = parseOptions(argv, table);
    options.required("data");
    requireTogether(options);
    const opened = await openModel(options);
    try {
      if (options.flag("choices")) {
        const { value, text } = await multipleChoice(opened, await loadChoices(opened, options), options, io);
        writeResult(options, io, value, text);
      } else {
        const loaded = await loadData("data", opened, options, progressOf(options, io));
        const { losses, matches } = await measured(opened, loaded, options, io);
        writeResult(options, io, { losses, matches }, evaluationTable(losses, matches));
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
}

async function measured(
  { model }: OpenModel,
  { examples, rows, template }: LoadedExamples,
  options: Options,
  io: Io,
): Promise<{ readonly losses: Evaluation; readonly matches: Evaluation }> {
  const { signal } = io;
  const smallSources = knownSources(
    options.list("small-sources") ?? [],
    examples.map(({ source }) => source),
  );
  const how = { batchSize: options.number("batch-size") ?? 16, smallSources, signal };
  const losses = await evaluate(model, examples, how);
  const answers = options.choice("answers", kinds);
  if (answers === undefined) return { losses, matches: await evaluateExactMatch(model, examples, how) };
  const progress = progressOf(options, io);
  const matches = await evaluateAnswers(model, rows, {
    ...how,
    template,
    maxNewTokens: options.number("max-new-tokens"),
    stop: options.text("stop"),
    onProgress: (done) => progress.show(`${done} of ${rows.length} answers`, false),
    ...(answers === "number" && { extractAnswer: lastNumber }),
    ...(answers === "text" && {
      extractAnswer: (text: string) => text.trim(),
      isSame: (answer: string, expected: string) => answer === expected,
    }),
  });
  progress.done();
  return { losses, matches };
}

function evaluationTable(losses: Evaluation, matches: Evaluation): string {
  const row = (name: string, examples: string, loss: number, match: number): string[] => [
    name,
    examples,
    Number.isNaN(loss) ? "-" : loss.toFixed(4),
    Number.isNaN(match) ? "-" : match.toFixed(4),
  ];
  const count = losses.sources.reduce((sum, { examples }) => sum + examples, 0);
  const means = textTable(
    ["source", "examples", "loss", "exact match"],
    [
      ...losses.sources.map(({ name, examples, mean }, s) =>
        row(name, String(examples), mean, matches.sources[s].mean),
      ),
      row("mixture", String(count), losses.micro, matches.micro),
      row("mean of sources", "", losses.macro, matches.macro),
      row("small sources", "", losses.small, matches.small),
    ],
  );
  const { perplexity } = losses;
  return perplexity === undefined ? means : `${means}\n\nperplexity ${perplexity.toPrecision(5)}`;
}
