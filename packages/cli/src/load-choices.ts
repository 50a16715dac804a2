import { type ChoiceRow, readChoices, templates } from "@colm/data";
import { dataSettings, type RowTemplate } from "./data-options.ts";
import { requiredFiles } from "./load-data.ts";
import { modelChat } from "./model-chat.ts";
import { hubAccess, type OpenModel } from "./open-model.ts";
import type { Options } from "./option-table.ts";
import type { Progress } from "./progress.ts";

/** Questions of multiple choice, and the words around them. */
export interface LoadedChoices {
  readonly rows: readonly ChoiceRow[];
  readonly template: RowTemplate;
}

/** Reads the questions of the files that `--data` names; bad ones that are passed over are said. */
export async function loadChoices(
  { model }: OpenModel,
  options: Options,
  progress: Progress,
): Promise<LoadedChoices> {
  const {
    template = templates.plain,
    source,
    format,
    skipBadRows,
  } = dataSettings(options, model.config.maxPositionEmbeddings);
  const rows: ChoiceRow[] = [];
  const bad: string[] = [];
  const onBadRow = ({ message }: { readonly message: string }): void => void bad.push(message);
  const how = { source, format, hub: hubAccess(), ...(skipBadRows && { onBadRow }) };
  const files = requiredFiles(options, "data");
  for (const file of files) for await (const row of readChoices(file, how)) rows.push(row);
  if (bad.length > 0) {
    const passed = `${bad.length} bad ones passed over (the first: ${bad[0]})`;
    progress.note(`${files.join(", ")}: ${rows.length} questions, ${passed}`);
  }
  return { rows, template: template === "chat" ? await modelChat(model) : template };
}
