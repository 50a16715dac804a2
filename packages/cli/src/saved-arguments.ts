import { readFile, rm, rmdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { inputError } from "./input-error.ts";
import { writeWhole } from "./run-folder.ts";

const FILE = "arguments.json";
const PATHS = ["--model", "--data", "--validation", "--adapter"];

/** Keeps a run's arguments beside its checkpoints, paths made absolute, so that it can be resumed by its folder alone. */
export async function saveArguments(folder: string, argv: readonly string[]): Promise<void> {
  await writeWhole(
    join(folder, FILE),
    `${JSON.stringify(absoluteArguments(withoutResume(argv)), null, 1)}\n`,
  );
}

/** What makes a run, whether it began now or goes on: a grid knows its runs again by these. */
function withoutResume(argv: readonly string[]): string[] {
  return argv.filter((argument, i) => !/^--resume(=|$)/.test(argument) && argv[i - 1] !== "--resume");
}

/** Arguments with their paths made absolute. */
export function absoluteArguments(argv: readonly string[]): string[] {
  return argv.map((argument, i) => {
    const [option, ...value] = argument.split("=");
    if (value.length > 0 && PATHS.includes(option)) return `${option}=${absolute(value.join("="))}`;
    return PATHS.includes(argv[i - 1]) ? absolute(argument) : argument;
  });
}

/** Paths made absolute; addresses stay as they are. */
function absolute(paths: string): string {
  return paths
    .split(",")
    .map((path) => (/^\w+:/.test(path) ? path : resolve(path.trim())))
    .join(",");
}

/** Takes away what a run without a checkpoint has written, its arguments and events, and its folder when nothing else is in it. */
export async function discardBeginning(folder: string): Promise<void> {
  for (const name of [FILE, "events.jsonl"]) await rm(join(folder, name), { force: true });
  await rmdir(folder).catch(() => {});
}

/** The arguments of the run in a folder. */
export async function savedArguments(folder: string): Promise<string[]> {
  const path = join(folder, FILE);
  const text = await readFile(path, "utf8").catch(() => {
    throw inputError(`--resume must be the folder of a run, got no ${FILE} in ${folder}`);
  });
  const value = parse(text);
  if (Array.isArray(value) && value.every((entry) => typeof entry === "string")) return withoutResume(value);
  throw inputError(`--resume must be the folder of a run, got no list of arguments in ${path}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
