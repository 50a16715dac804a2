import { readFile } from "node:fs/promises";
import { inputError } from "./input-error.ts";
import { nearestName } from "./nearest-name.ts";
import { type OptionSpec, type OptionTable, parseOptions } from "./option-table.ts";
import { parseJson } from "./parse-json.ts";

/** Settings as a config file holds them: by option, in the spelling of the command line. */
export type Settings = Readonly<Record<string, unknown>>;

/** Options that make no sense in a file of settings. */
const OUTSIDE = ["config", "json", "resume"];

/** The options of a table that a config file may set. */
export function configurable(table: OptionTable): [name: string, spec: OptionSpec][] {
  return Object.entries(table).filter(([name]) => !OUTSIDE.includes(name));
}

/** A JSON file as a value. */
export async function readJsonFile(option: string, path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((error) => {
    throw inputError(`${option} must be a readable file, got ${error.code} at ${path}`);
  });
  try {
    return parseJson(text);
  } catch (cause) {
    throw inputError(`${option} must be a JSON file, got something else in ${path}`, cause);
  }
}

/**
 * The settings of a parsed config file, each key checked.
 *
 * @param where - How errors call the object.
 * @param value - What was parsed. Keys are options' names with underscores, dashes or in camelCase; `$schema` is passed over.
 * @returns By option name.
 * @throws {Error} At a key that is no option, or a value of the wrong kind. One line, for the user.
 */
export function configSettings(where: string, value: unknown, table: OptionTable): Settings {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw inputError(`${where} must be an object of settings, got ${shown(value)}`);
  }
  const names = configurable(table).map(([name]) => name);
  const settings: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    if (key === "$schema") continue;
    const name = optionName(key);
    if (!names.includes(name)) {
      const near = nearestName(name, names);
      const hint = near === undefined ? "" : `, did you mean "${near.replaceAll("-", "_")}"?`;
      throw inputError(`${where} must hold settings alone, got "${key}"${hint}`);
    }
    if (Object.hasOwn(settings, name)) throw inputError(`${where} must hold "${key}" once, got it twice`);
    requireKind(`${where}: "${key}"`, entry, table[name]);
    settings[name] = entry;
  }
  return settings;
}

/** Settings as arguments of the command line. */
export function settingsArguments(settings: Settings): string[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    if (value === false) return [];
    if (value === true) return [`--${name}`];
    return [`--${name}=${Array.isArray(value) ? value.join(",") : String(value)}`];
  });
}

/**
 * Arguments with the config file that they name put before them, so that what is on the command line counts.
 *
 * @returns Arguments without `--config`.
 */
export async function expandConfig(argv: readonly string[], table: OptionTable): Promise<string[]> {
  const path = parseOptions(argv, table).text("config");
  if (path === undefined) return [...argv];
  const settings = configSettings(path, await readJsonFile("--config", path), table);
  const rest = argv.filter((argument, i) => !/^--config(=|$)/.test(argument) && argv[i - 1] !== "--config");
  return [...settingsArguments(settings), ...rest];
}

/** `maxSteps`, `max_steps` and `max-steps` are one name. */
function optionName(key: string): string {
  return key.replaceAll("_", "-").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function requireKind(
  where: string,
  value: unknown,
  { value: placeholder, kind = "text", choices }: OptionSpec,
): void {
  if (placeholder === undefined) {
    if (typeof value !== "boolean") throw inputError(`${where} must be true or false, got ${shown(value)}`);
    return;
  }
  if (choices !== undefined) {
    if (typeof value === "string" && choices.includes(value)) return;
    throw inputError(`${where} must be one of ${choices.join(", ")}, got ${shown(value)}`);
  }
  if (kind === "scalar" && typeof value !== "string" && typeof value !== "number") {
    throw inputError(`${where} must be a text or a number, got ${shown(value)}`);
  }
  if (kind === "text" && typeof value !== "string") {
    throw inputError(`${where} must be a text, got ${shown(value)}`);
  }
  if (kind === "number" && typeof value !== "number") {
    throw inputError(`${where} must be a number, got ${shown(value)}`);
  }
  if (kind === "integer" && !Number.isSafeInteger(value)) {
    throw inputError(`${where} must be an integer, got ${shown(value)}`);
  }
  if (kind === "list") requireTexts(where, value);
}

function requireTexts(where: string, value: unknown): void {
  if (typeof value === "string") return;
  if (!Array.isArray(value)) throw inputError(`${where} must be a list of texts, got ${shown(value)}`);
  const wrong = value.find((entry) => typeof entry !== "string" || entry.includes(","));
  if (wrong !== undefined) {
    throw inputError(`${where} must be a list of texts without commas, got ${shown(wrong)}`);
  }
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "an object" : JSON.stringify(value);
}
