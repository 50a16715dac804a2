import { parseArgs } from "node:util";
import { inputError } from "./input-error.ts";

/** One option of a command: what the help says and what the parser accepts. */
export interface OptionSpec {
  /** Placeholder of the value in the help, e.g. `"FILE"`; a flag has none. */
  readonly value?: string;
  /** One line of help; the default value goes here, in words. */
  readonly help: string;
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
}

/**
 * Parses the arguments of a command; `--max_steps` is read as `--max-steps`.
 *
 * @param argv - The arguments after the command's name.
 * @param table - The options that it knows.
 * @returns Access by name.
 * @throws {Error} With code `ERR_PARSE_ARGS_…` when an option is unknown, has no value or one too many.
 */
export function parseOptions(argv: readonly string[], table: OptionTable): Options {
  const specs: Record<string, { type: "string" | "boolean" }> = {};
  for (const [name, { value }] of Object.entries(table)) {
    specs[name] = { type: value === undefined ? "boolean" : "string" };
  }
  const args = argv.map(dashes);
  const parsed = parseArgs({ args, options: specs, strict: true, allowPositionals: false });
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
  };
}

function dashes(argument: string): string {
  const [name] = argument.split("=", 1);
  return name.startsWith("--") ? name.replaceAll("_", "-") + argument.slice(name.length) : argument;
}

/** The options of a command as lines of help. */
export function optionHelp(table: OptionTable): string {
  const rows = Object.entries(table).map(([name, { value, help }]) => [
    value === undefined ? `--${name}` : `--${name} ${value}`,
    help,
  ]);
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`).join("\n");
}
