import { inputError } from "./input-error.ts";
import type { Options } from "./option-table.ts";

/** What `--output` names; undefined where it was not given. */
export function outputOf(options: Options): string | undefined {
  const output = options.text("output");
  if (output?.trim() === "")
    throw inputError(`--output must be the name of a file or folder, got "${output}"`);
  return output;
}
