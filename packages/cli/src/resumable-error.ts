import { isInputError } from "./input-error.ts";

/**
 * The failure of a run that has a checkpoint, told together with the command that goes on from it.
 *
 * @param error - What was thrown; its first line is told.
 * @param checkpoint - The newest whole checkpoint.
 * @param folder - The run's folder.
 * @returns An error that blames whom `error` blames.
 */
export function resumableError(error: unknown, checkpoint: string, folder: string): Error {
  const [first] = (error instanceof Error ? error.message : String(error)).split("\n", 1);
  const what = first.replace(/^[a-z][A-Za-z.]*: /, "");
  const whole = what.endsWith("is whole") ? what : `${what}; ${checkpoint} is whole`;
  const told = new Error(`${whole}, go on with: colm train --resume ${folder}`, { cause: error });
  told.name = isInputError(error) ? "InputError" : "RunError";
  return told;
}
