import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { inputError } from "./input-error.ts";
import { writeWhole } from "./write-whole.ts";

const FILE = "arguments.json";
/** Says to `colm train` that a grid starts it, whose settings are those of all its runs. No option: it is not kept. */
export const SHARED = "--settings-of-a-grid";
const PATHS = ["--model", "--data", "--validation", "--adapter"];

/** Keeps a run's arguments beside its checkpoints, paths made absolute, so that it can be resumed by its folder alone. */
export async function saveArguments(folder: string, argv: readonly string[]): Promise<void> {
  await writeWhole(join(folder, FILE), `${JSON.stringify(absoluteArguments(lasting(argv)), null, 1)}\n`);
}

/** What makes a run, whether it began now or goes on, and however it was asked to print. */
function lasting(argv: readonly string[]): string[] {
  return without(
    argv.filter((argument) => argument !== "--json"),
    "--resume",
  );
}

/** Whether two lists of arguments make the same run, wherever its folder is. */
export function isSameRun(a: readonly string[], b: readonly string[]): boolean {
  const settings = (argv: readonly string[]): string => JSON.stringify(without(lasting(argv), "--output"));
  return settings(a) === settings(b);
}

function without(argv: readonly string[], option: string): string[] {
  return argv.filter(
    (argument, i) => argument !== option && !argument.startsWith(`${option}=`) && argv[i - 1] !== option,
  );
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

/** The arguments of the run in a folder. */
export async function savedArguments(folder: string): Promise<string[]> {
  const path = join(folder, FILE);
  const text = await readFile(path, "utf8").catch(() => {
    throw inputError(`--resume must be the folder of a run, got no ${FILE} in ${folder}`);
  });
  const value = parse(text);
  if (Array.isArray(value) && value.every((entry) => typeof entry === "string")) return lasting(value);
  throw inputError(`--resume must be the folder of a run, got no list of arguments in ${path}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
