import type { Io } from "./io.ts";
import type { Options, OptionTable } from "./option-table.ts";
import { type Progress, progressLine } from "./progress.ts";

/** Options that every command has. */
export const commonOptions: OptionTable = {
  json: { help: "one JSON value alone on standard output; progress goes to standard error" },
};

/** The line that follows a long task: on standard error where standard output is for JSON. */
export function progressOf(options: Options, io: Io): Progress {
  return progressLine(options.flag("json") ? io.stderr : io.stdout);
}

/** Writes a result: as JSON where it was asked for, else its text. */
export function writeResult(options: Options, io: Io, value: unknown, text: string): void {
  io.stdout.write(options.flag("json") ? `${JSON.stringify(value)}\n` : `${text}\n`);
}
