import type { Example } from "@colm/data";
import { dataSettings } from "./data-options.ts";
import { loadExamples, loadNote } from "./load-examples.ts";
import type { OpenModel } from "./open-model.ts";
import type { Options } from "./option-table.ts";
import type { Progress } from "./progress.ts";

/** The examples of a data file, encoded for a model; what was cut or left out is said. */
export async function loadTraining(
  file: string,
  { model, tokenizer }: OpenModel,
  options: Options,
  progress: Progress,
): Promise<Example[]> {
  const settings = dataSettings(options, model.config.maxPositionEmbeddings);
  const loaded = await loadExamples(file, { ...settings, tokenizer });
  const note = loadNote(file, loaded, settings.maxLength);
  if (note !== "") progress.note(note);
  return loaded.examples;
}
