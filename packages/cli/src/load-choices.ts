import { type ChoiceRow, readChoices, templates } from "@colm/data";
import { dataSettings, type RowTemplate } from "./data-options.ts";
import { modelChat } from "./model-chat.ts";
import { hubAccess, type OpenModel } from "./open-model.ts";
import type { Options } from "./option-table.ts";

/** Questions of multiple choice, and the words around them. */
export interface LoadedChoices {
  readonly rows: readonly ChoiceRow[];
  readonly template: RowTemplate;
}

/** Reads the questions of the files that `--data` names. */
export async function loadChoices({ model }: OpenModel, options: Options): Promise<LoadedChoices> {
  const {
    template = templates.plain,
    source,
    format,
  } = dataSettings(options, model.config.maxPositionEmbeddings);
  const rows: ChoiceRow[] = [];
  for (const file of options.list("data") ?? []) {
    for await (const row of readChoices(file, { source, format, hub: hubAccess() })) rows.push(row);
  }
  return { rows, template: template === "chat" ? await modelChat(model) : template };
}
