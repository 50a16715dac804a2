import { type ChoiceEvaluation, evaluateChoices } from "@colm/trainer-tfjs";
import type { Io } from "./io.ts";
import { knownSources } from "./known-sources.ts";
import type { LoadedChoices } from "./load-choices.ts";
import type { OpenModel } from "./open-model.ts";
import type { Options } from "./option-table.ts";
import { textTable } from "./text-table.ts";

/** What a model chooses, as plain values and as a table. */
export async function multipleChoice(
  { model }: OpenModel,
  { rows, template }: LoadedChoices,
  options: Options,
  { signal }: Pick<Io, "signal">,
): Promise<{ readonly value: ChoiceEvaluation; readonly text: string }> {
  const sources = rows.map(({ source }) => source);
  const smallSources = knownSources(options.list("small-sources") ?? [], sources);
  const batchSize = options.number("batch-size");
  const value = await evaluateChoices(model, rows, { template, batchSize, smallSources, signal });
  return { value, text: choiceTable(value) };
}

function choiceTable({ bySum, byLength }: ChoiceEvaluation): string {
  const shown = (value: number): string => (Number.isNaN(value) ? "-" : value.toFixed(4));
  const questions = bySum.sources.reduce((sum, { examples }) => sum + examples, 0);
  return textTable(
    ["source", "questions", "likeliest", "per character"],
    [
      ...bySum.sources.map(({ name, examples, mean }, s) => [
        name,
        String(examples),
        shown(mean),
        shown(byLength.sources[s].mean),
      ]),
      ["mixture", String(questions), shown(bySum.micro), shown(byLength.micro)],
      ["mean of sources", "", shown(bySum.macro), shown(byLength.macro)],
      ["small sources", "", shown(bySum.small), shown(byLength.small)],
    ],
  );
}
