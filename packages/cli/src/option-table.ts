import { parseArgs } from "node:util";
import { inputError } from "./input-error.ts";
import { nearestName } from "./nearest-name.ts";

/** One option of a command: what the help says and what the parser accepts. */
export interface OptionSpec {
  /** Placeholder of the value in the help, e.g. `"FILE"`; a flag has none. */
  readonly value?: string;
  /** One line of help; the default value goes here, in words. */
  readonly help: string;
  /** What the value is in a config file, `"scalar"` a text or a number. Default `"text"`; flags are true or false. */
  readonly kind?: "text" | "scalar" | "number" | "integer" | "list";
  /** The only values there are. */
  readonly choices?: readonly string[];
  /** Heading above it in the help, where it begins a part of the list. */
  readonly section?: string;
}

/** The options of a command by name, without the leading dashes. */
export type OptionTable = Readonly<Record<string, OptionSpec>>;

/** Typed access to what was given on the command line. */
export interface Options {
  /** The text of an option, `undefined` when it was not given. */
  text(name: string): string | undefined;
  /** The text of an option that must be given. */
  required(name: string): string;
  /** A number. */
  number(name: string): number | undefined;
  /** One of `choices`. */
  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined;
  /** The parts of a list separated by commas. */
  list(name: string): string[] | undefined;
  /** Whether a flag was given. */
  flag(name: string): boolean;
  /** What was given without a name before it, for commands that take such arguments. */
  readonly positionals: readonly string[];
}

/**
 * Parses the arguments of a command; `--max_steps` is read as `--max-steps`.
 *
 * @param argv - The arguments after the command's name.
 * @param table - The options that it knows.
 * @param allowPositionals - Whether arguments without a name may stand beside them.
 * @returns Access by name.
 * @throws {Error} When an option is unknown, has no value or one too many. One line, for the user.
 */
export function parseOptions(argv: readonly string[], table: OptionTable, allowPositionals = false): Options {
  const specs: Record<string, { type: "string" | "boolean" }> = {};
  for (const [name, { value }] of Object.entries(table)) {
    specs[name] = { type: value === undefined ? "boolean" : "string" };
  }
  const args = withNegatives(argv.map(dashes), table);
  requireKnown(args, Object.keys(table));
  const parsed = parseArgs({ args, options: specs, strict: true, allowPositionals });
  const values: Readonly<Record<string, unknown>> = parsed.values;
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === "string" ? value : undefined;
  };
  return {
    text,
    required(name) {
      const value = text(name);
      if (value === undefined || value === "") {
        throw inputError(`--${name} ${table[name].value ?? ""} must be given`);
      }
      return value;
    },
    number(name) {
      const value = text(name);
      if (value === undefined) return undefined;
      const number = Number(value);
      if (value.trim() === "" || Number.isNaN(number)) {
        throw inputError(`--${name} must be a number, got "${value}"`);
      }
      return number;
    },
    choice(name, choices) {
      const value = text(name);
      const found = choices.find((choice) => choice === value);
      if (value !== undefined && found === undefined) {
        throw inputError(`--${name} must be one of ${choices.join(", ")}, got "${value}"`);
      }
      return found;
    },
    list: (name) =>
      text(name)
        ?.split(",")
        .map((part) => part.trim())
        .filter((part) => part !== ""),
    flag: (name) => values[name] === true,
    positionals: parsed.positionals,
  };
}

/** Arguments with negative numbers joined to the options before them, which the parser would take for options themselves. */
function withNegatives(argv: readonly string[], table: OptionTable): string[] {
  const args: string[] = [];
  for (const [i, argument] of argv.entries()) {
    const name = argv[i - 1]?.slice(2) ?? "";
    const isValue =
      argv[i - 1]?.startsWith("--") === true &&
      Object.hasOwn(table, name) &&
      table[name].value !== undefined &&
      /^-./.test(argument);
    if (!isValue) args.push(argument);
    else if (/^-(\.?\d|Infinity$)/.test(argument)) args[args.length - 1] += `=${argument}`;
    else if (argument.startsWith("--")) throw inputError(`--${name} must have a value, got ${argument}`);
    else
      throw inputError(`--${name} must be given as --${name}=${argument} where its value begins with a dash`);
  }
  return args;
}

/** Refuses an option that the command does not know, with the one that may have been meant. */
function requireKnown(args: readonly string[], names: readonly string[]): void {
  const end = args.indexOf("--");
  for (const argument of end < 0 ? args : args.slice(0, end)) {
    const [name] = argument.split("=", 1);
    if (!name.startsWith("--") || name.length === 2 || names.includes(name.slice(2))) continue;
    const near = nearestName(name.slice(2), names);
    throw inputError(`Unknown option '${name}'${near === undefined ? "" : `, did you mean --${near}?`}`);
  }
}

function dashes(argument: string): string {
  const [name] = argument.split("=", 1);
  return name.startsWith("--") ? name.replaceAll("_", "-") + argument.slice(name.length) : argument;
}

/** The options of a command as lines of help. */
export function optionHelp(table: OptionTable): string {
  const rows = Object.entries(table).map(([name, { value, help, section }]) => ({
    left: value === undefined ? `--${name}` : `--${name} ${value}`,
    help,
    section,
  }));
  const width = Math.max(...rows.map(({ left }) => left.length));
  return rows
    .map(({ left, help, section }) => {
      const line = `  ${left.padEnd(width)}  ${help}`;
      return section === undefined ? line : `${section}:\n${line}`;
    })
    .join("\n");
}
