import { readFile } from "node:fs/promises";
import { errorLine, isInputError } from "./input-error.ts";
import type { Again, Command, Io } from "./io.ts";
import { lines } from "./lines.ts";
import { paint } from "./paint.ts";

/** A command before it is needed: its code, and TensorFlow.js with it, is loaded when it runs. */
interface Entry {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  load(): Promise<Command>;
}

const commands: readonly Entry[] = [
  {
    name: "train",
    summary: "fine-tune or pre-train a language model on mini-batch coresets",
    load: async () => (await import("./commands/train.ts")).trainCommand,
  },
  {
    name: "select",
    summary: "choose a coreset of rows of features, for a trainer of any kind",
    load: async () => (await import("./commands/select.ts")).selectCommand,
  },
  {
    name: "evaluate",
    summary: "held-out loss, perplexity, exact match and multiple choice, by source",
    load: async () => (await import("./commands/evaluate.ts")).evaluateCommand,
  },
  {
    name: "generate",
    summary: "let a model go on from a prompt",
    load: async () => (await import("./commands/generate.ts")).generateCommand,
  },
  {
    name: "merge",
    summary: "write a model with its adapter merged in, as a plain Hugging Face folder",
    load: async () => (await import("./commands/merge.ts")).mergeCommand,
  },
  {
    name: "report",
    summary: "one HTML page of one or several runs",
    load: async () => (await import("./commands/report.ts")).reportCommand,
  },
  {
    name: "compare",
    summary: "runs side by side, over seeds; or a whole grid of runs from one file",
    load: async () => (await import("./commands/compare.ts")).compareCommand,
  },
  {
    name: "doctor",
    summary: "what this machine can do, measured: back ends, kernels, memory",
    load: async () => (await import("./commands/doctor.ts")).doctorCommand,
  },
  {
    name: "bench",
    summary: "seconds and peak memory of one step on your model and data",
    load: async () => (await import("./commands/bench.ts")).benchCommand,
  },
];

const help = `colm: fine-tune language models with mini-batch coresets

  colm COMMAND [options]

${commands.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`).join("\n")}

colm COMMAND --help shows a command's options and examples. Every command takes --json, which leaves one JSON value alone on
standard output, and --no-color (as does the variable NO_COLOR). colm --version says which one this is.
Exit codes: 0 done; 1 unexpected error, or a check or a run of a grid that failed; 2 wrong input, or a place that
cannot be written; 130 stopped by Ctrl-C, 143 by SIGTERM.
`;

/**
 * Runs `colm` once.
 *
 * @param argv - The arguments after the program's name.
 * @param io - Where text goes, and what stops a run.
 * @returns The exit code: 0 done, 1 an unexpected error or something that was to be checked or run and failed, 2 wrong input, 130
 * stopped by the signal. Errors are one line on `io.stderr`; nothing is thrown.
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const [name = "--help", ...given] = argv;
  if (name === "--help" || name === "-h" || name === "help") {
    io.stdout.write(help);
    return 0;
  }
  if (name === "--version" || name === "-V") {
    const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
    io.stdout.write(`colm ${version}\n`);
    return 0;
  }
  const entry = commands.find((candidate) => candidate.name === name);
  if (entry === undefined) {
    const known = commands.map((candidate) => candidate.name).join(", ");
    io.stderr.write(`colm: the command must be one of ${known}, got "${name}"\n`);
    return 2;
  }
  const rest = given.filter((argument) => argument !== "--no-color");
  const inner: Io = {
    ...io,
    color: io.color === true && rest.length === given.length,
    again: io.again ?? inThisProcess(io),
  };
  try {
    const command = await entry.load();
    if (rest.includes("--help") || rest.includes("-h")) {
      io.stdout.write(command.help);
      return 0;
    }
    return await command.run(rest, inner);
  } catch (error) {
    const say = (line: string): void => {
      io.stderr.write(`${paint(inner, io.stderr).bad(line)}\n`);
    };
    if (io.signal.aborted && error === io.signal.reason) {
      say(`colm ${name}: stopped before anything was done, nothing was written`);
      return 130;
    }
    say(errorLine(name, error));
    if (io.debug && error instanceof Error) io.stderr.write(`${error.stack}\n`);
    return isInputError(error) ? 2 : 1;
  }
}

function inThisProcess(io: Io): Again {
  let turn: Promise<unknown> = Promise.resolve();
  const runOnce: Again = async (argv, onLine) => {
    let stderr = "";
    const stdout = lines(onLine);
    const { pipe: _, ...others } = io;
    const code = await main(argv, { ...others, stdout, stderr: { write: (text) => (stderr += text) } });
    stdout.end();
    return { code, stderr };
  };
  // one after the other: what a run counts of TensorFlow.js's memory is the whole process's
  return (argv, onLine) => {
    const ended = turn.then(() => runOnce(argv, onLine));
    turn = ended;
    return ended;
  };
}
