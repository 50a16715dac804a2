import { inputError, isInputError } from "./input-error.ts";

// the trainer refuses a broken checkpoint, or another run than the one that wrote it: the same command would be refused again
const broken = /^train: "resumeFromCheckpoint"/;
const other = /^train: "\w+" must be .* the checkpoint /;

/**
 * The failure of a run that has a checkpoint, told together with the command that goes on from it.
 *
 * @param error - What was thrown; its first line is told.
 * @param checkpoint - The newest whole checkpoint.
 * @param folder - The run's folder.
 * @returns An error that blames whom `error` blames; where the checkpoint itself was refused, `error`'s own words with what to do.
 */
export function resumableError(error: unknown, checkpoint: string, folder: string): Error {
  const [first] = (error instanceof Error ? error.message : String(error)).split("\n", 1);
  if (broken.test(first)) return inputError(first.replace(/^train: /, ""), error);
  if (other.test(first)) {
    return inputError(
      `${first.replace(/^train: /, "")}: a run goes on with its own settings and data, others need a folder of their own`,
      error,
    );
  }
  const what = first.replace(/^[a-z][A-Za-z.]*: /, "");
  const whole = what.endsWith("is whole") ? what : `${what}; ${checkpoint} is whole`;
  const told = new Error(`${whole}, go on with: colm train --resume ${folder}`, { cause: error });
  told.name = isInputError(error) ? "InputError" : "RunError";
  return told;
}
