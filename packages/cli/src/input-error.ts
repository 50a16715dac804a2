/**
 * An error that the user can mend: it becomes one line on standard error and exit code 2.
 *
 * @param message - The line, without the command's name.
 * @param cause - What was thrown, where something was.
 * @returns The error, marked by its name.
 */
export function inputError(message: string, cause?: unknown): Error {
  const error = new Error(message, { cause });
  error.name = "InputError";
  return error;
}

// what the packages' own checks say: `function: "argument" must be CONDITION, got VALUE`
const boundary = /^[A-Za-z.]+: /;

// the packages name their own arguments where the program has options
const HINT = "give { source: { name } } to name it for all rows";
const OPTION_HINT = "give --source NAME, or --source-from file or none";

/** Whether `error` blames what was given (exit code 2) rather than the program (exit code 1). */
export function isInputError(error: unknown): boolean {
  // a thread that has ended is nobody's argument
  if (!(error instanceof Error) || error.name === "WorkerError") return false;
  if (error.name === "InputError" || boundary.test(error.message)) return true;
  // of the operating system (no such file, no space left) and of parseArgs (unknown option)
  return (
    "code" in error && typeof error.code === "string" && /^(E[A-Z0-9]+|ERR_PARSE_ARGS_.*)$/.test(error.code)
  );
}

/** One line for whatever was thrown in `command`. */
export function errorLine(command: string, error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  const text = said.replace(HINT, OPTION_HINT);
  // which function refused an argument says nothing to the user
  const isNamed = error instanceof Error && error.name !== "InputError";
  const [first] = (isNamed ? text.replace(/^[a-z][A-Za-z.]*: /, "") : text).split("\n", 1);
  if (isInputError(error)) return `colm ${command}: ${first}`;
  return `colm ${command}: unexpected error: ${first} (COLM_DEBUG=1 shows where)`;
}
