import { dataSettings } from "./data-options.ts";
import { inputError } from "./input-error.ts";
import { type FileWeights, type LoadedExamples, loadExamples, loadNote } from "./load-examples.ts";
import type { OpenModel } from "./open-model.ts";
import type { Options } from "./option-table.ts";
import type { Progress } from "./progress.ts";

/**
 * The examples of the data files that an option names, encoded for a model; what was cut or left out is said.
 *
 * @param name - `"data"` or `"validation"`: paths or addresses, separated by commas. `--data-weights` is that of `"data"`.
 */
export async function loadData(
  name: "data" | "validation",
  { model, tokenizer }: OpenModel,
  options: Options,
  progress: Progress,
): Promise<LoadedExamples> {
  const files = requiredFiles(options, name);
  const settings = dataSettings(options, model.config.maxPositionEmbeddings);
  const how = { ...settings, tokenizer, model };
  const shares = name === "data" ? fileWeights(options, files.length) : undefined;
  // a minute of encoding must not look like nothing
  progress.show(`reading ${files.join(", ")}`, false);
  const loaded = await loadExamples(files, how, shares).catch((error) => {
    progress.done();
    throw error;
  });
  const note = loadNote(files, loaded, settings.maxLength);
  if (note === "") progress.done();
  else progress.note(note);
  return loaded;
}

/** The files that an option names, at least one. */
export function requiredFiles(options: Options, name: "data" | "validation"): string[] {
  const given = options.required(name);
  const files = options.list(name) ?? [];
  if (files.length === 0) throw inputError(`--${name} must name at least one file, got "${given}"`);
  return files;
}

function fileWeights(options: Options, files: number): FileWeights | undefined {
  const texts = options.list("data-weights");
  if (texts === undefined) return undefined;
  const weights = texts.map(Number);
  if (weights.length !== files || weights.some((weight) => !(weight > 0 && weight < Infinity))) {
    throw inputError(
      `--data-weights must be ${files} numbers above 0, one for each file of --data, got ${texts.join(",")}`,
    );
  }
  return { weights, seed: options.number("seed") ?? 42 };
}
