import { evaluateCommand } from "./commands/evaluate.ts";
import { generateCommand } from "./commands/generate.ts";
import { selectCommand } from "./commands/select.ts";
import { trainCommand } from "./commands/train.ts";
import { errorLine, isInputError } from "./input-error.ts";
import type { Command, Io } from "./io.ts";

const commands: readonly Command[] = [trainCommand, selectCommand, evaluateCommand, generateCommand];

const help = `colm: fine-tune language models with mini-batch coresets

  colm COMMAND [options]

${commands.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`).join("\n")}

colm COMMAND --help shows a command's options and examples.
Exit codes: 0 done, 1 unexpected error, 2 wrong input, 130 stopped by Ctrl-C.
`;

/**
 * Runs `colm` once.
 *
 * @param argv - The arguments after the program's name.
 * @param io - Where text goes, and what stops a run.
 * @returns The exit code: 0 done, 1 an unexpected error, 2 wrong input, 130 stopped by the signal. Errors are one
 * line on `io.stderr`; nothing is thrown.
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const [name = "--help", ...rest] = argv;
  if (name === "--help" || name === "-h" || name === "help") {
    io.stdout.write(help);
    return 0;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const known = commands.map((candidate) => candidate.name).join(", ");
    io.stderr.write(`colm: the command must be one of ${known}, got "${name}"\n`);
    return 2;
  }
  if (rest.includes("--help") || rest.includes("-h")) {
    io.stdout.write(command.help);
    return 0;
  }
  try {
    return await command.run(rest, io);
  } catch (error) {
    if (io.signal.aborted && error === io.signal.reason) {
      io.stderr.write(`colm ${name}: stopped before the first step, nothing was written\n`);
      return 130;
    }
    io.stderr.write(`${errorLine(name, error)}\n`);
    if (io.debug && error instanceof Error) io.stderr.write(`${error.stack}\n`);
    return isInputError(error) ? 2 : 1;
  }
}
