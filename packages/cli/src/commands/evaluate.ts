import type { Template } from "@colm/data";
import {
  type Evaluation,
  evaluate,
  evaluateAnswers,
  evaluateExactMatch,
  lastNumber,
} from "@colm/trainer-tfjs";
import { commonOptions, progressOf, writeResult } from "../common-options.ts";
import { dataOptions, type RowTemplate } from "../data-options.ts";
import { inputError } from "../input-error.ts";
import type { Command } from "../io.ts";
import { loadData } from "../load-data.ts";
import { modelOptions, openModel } from "../open-model.ts";
import { type OptionTable, optionHelp, parseOptions } from "../option-table.ts";
import { textTable } from "../text-table.ts";

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
  answers: { value: "KIND", help: "generate, and compare the whole text or the last number: text, number" },
  "max-new-tokens": { value: "N", help: "tokens of a generated answer at most (default 64)" },
  ...commonOptions,
};

/** `colm evaluate` */
export const evaluateCommand: Command = {
  help: `colm evaluate: held-out loss and exact match of a model

  colm evaluate --model DIR --data FILE.jsonl [--adapter DIR] [options]

Losses are in nats per token. Exact match: greedy decoding would write the whole answer; with --answers it
does write one, and the texts or their last numbers are compared (slower).

${optionHelp(table)}

Examples:
  colm evaluate --model llama --data held-out.jsonl
  colm evaluate --model llama --adapter runs/colm-64-of-128/adapter --data held-out.jsonl --json
`,
  async run(argv, io) {
    const { signal } = io;
    const options = parseOptions(argv, table);
    options.required("data");
    const opened = await openModel(options);
    const { model } = opened;
    try {
      const loaded = await loadData("data", opened, options, progressOf(options, io));
      const { examples, rows, template } = loaded;
      const smallSources = knownSources(
        options.list("small-sources") ?? [],
        examples.map(({ source }) => source),
      );
      const how = { batchSize: options.number("batch-size") ?? 16, smallSources, signal };
      const losses = await evaluate(model, examples, how);
      const answers = options.choice("answers", ["text", "number"]);
      const matches = await (answers === undefined
        ? evaluateExactMatch(model, examples, how)
        : evaluateAnswers(model, rows, {
            smallSources,
            signal,
            template: plainTemplate(template),
            extractAnswer: answers === "number" ? lastNumber : undefined,
            maxNewTokens: options.number("max-new-tokens"),
          }));
      writeResult(options, io, { losses, matches }, evaluationTable(losses, matches));
      return 0;
    } finally {
      model.dispose();
    }
  },
};

/** The template of generated answers: conversations are compared by their whole text alone. */
function plainTemplate(template: RowTemplate): Template {
  if ("render" in template) throw inputError("--answers must go with a template for instructions, got chat");
  return template;
}

function knownSources(names: string[], sources: readonly string[]): string[] {
  const unknown = names.find((name) => !sources.includes(name));
  if (unknown === undefined) return names;
  const known = [...new Set(sources)].sort().join(", ");
  throw inputError(`--small-sources must name sources of the data (${known}), got "${unknown}"`);
}

function evaluationTable(losses: Evaluation, matches: Evaluation): string {
  const row = (name: string, examples: string, loss: number, match: number): string[] => [
    name,
    examples,
    Number.isNaN(loss) ? "-" : loss.toFixed(4),
    Number.isNaN(match) ? "-" : match.toFixed(4),
  ];
  const count = losses.sources.reduce((sum, { examples }) => sum + examples, 0);
  return textTable(
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
}
