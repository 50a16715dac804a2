import { basename } from "node:path";
import { trainTable } from "../commands/train-table.ts";
import { configSettings, type Settings, settingsArguments } from "../config-file.ts";
import { inputError } from "../input-error.ts";
import { nearestName } from "../nearest-name.ts";

/** One run of a grid: its folder's name and the arguments of `colm train` that make it, without its folder. */
export interface GridRun {
  readonly name: string;
  readonly argv: readonly string[];
}

/** A grid of runs: methods × sizes × seeds. */
export interface Grid {
  readonly runs: readonly GridRun[];
  readonly baseline: string | undefined;
}

const KEYS = ["train", "methods", "sizes", "seeds", "baseline"];
/** Settings that the grid itself gives, or that would make runs overwrite each other. */
const OWN = ["seed", "output"];

/** Settings with a name, along one axis of the grid. */
interface Entry {
  /** Empty where it adds nothing to a run's name. */
  readonly name: string;
  readonly settings: Settings;
  /** Whether the budget becomes the pool, whatever that is: the control `random-pool`. */
  readonly wholePool: boolean;
}

/**
 * The runs of a grid file.
 *
 * @param path - How errors call it.
 * @param value - `{ train, methods, sizes, seeds, baseline }`: settings of all runs; methods by name or as settings with a name; sizes as
 *   settings with a name; whole numbers. The method `random-pool` is `random` with the whole pool for its budget.
 * @returns Runs with distinct names, seed by seed, so that a grid that is cut short still has whole comparisons.
 * @throws {Error} If a key is unknown, a value of the wrong kind, or two runs would be the same. One line, for the user.
 */
export function parseGrid(path: string, value: unknown): Grid {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw inputError(`${path} must be an object with ${KEYS.join(", ")}`);
  }
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const unknown = Object.keys(fields).find((key) => key !== "$schema" && !KEYS.includes(key));
  if (unknown !== undefined) {
    const near = nearestName(unknown, KEYS);
    throw inputError(
      `${path} must hold ${KEYS.join(", ")}, got "${unknown}"${near ? `, did you mean "${near}"?` : ""}`,
    );
  }
  const { train = {}, methods = ["colm"], sizes = [{}], seeds = [42, 43, 44], baseline } = fields;
  if (baseline !== undefined && typeof baseline !== "string") {
    throw inputError(
      `${path}: "baseline" must be the name of a run or group, got ${JSON.stringify(baseline)}`,
    );
  }
  const shared = settingsOf(`${path}: "train"`, train);
  const methodEntries = listOf(`${path}: "methods"`, methods).map((entry, i) =>
    methodEntry(`${path}: "methods[${i}]"`, entry),
  );
  const sizeEntries = listOf(`${path}: "sizes"`, sizes).map((entry, i) =>
    sizeEntry(`${path}: "sizes[${i}]"`, entry),
  );
  const runs = listOf(`${path}: "seeds"`, seeds).flatMap((seed, i) => {
    if (typeof seed !== "number" || !Number.isSafeInteger(seed) || seed < 0) {
      throw inputError(
        `${path}: "seeds[${i}]" must be an integer of at least 0, got ${JSON.stringify(seed)}`,
      );
    }
    return sizeEntries.flatMap((size) => methodEntries.map((method) => gridRun(shared, method, size, seed)));
  });
  const twice = runs.find(({ name }, i) => runs.findIndex((run) => run.name === name) !== i);
  if (twice !== undefined) {
    throw inputError(
      `${path} must give its runs distinct names, got "${twice.name}" twice: name methods and sizes`,
    );
  }
  return { runs, baseline };
}

function gridRun(shared: Settings, method: Entry, size: Entry, seed: number): GridRun {
  const merged: Settings = { ...shared, ...size.settings, ...method.settings, seed };
  const settings = method.wholePool ? { ...merged, budget: merged.pool ?? 128 } : merged;
  const parts = [method.name, size.name, `seed-${seed}`].filter((part) => part !== "");
  const name = parts.join("-").replaceAll(/[^\w.-]+/g, "-");
  return { name, argv: ["train", ...settingsArguments(settings)] };
}

function methodEntry(where: string, value: unknown): Entry {
  if (value === "random-pool") {
    return { name: value, settings: { method: "random" }, wholePool: true };
  }
  if (typeof value === "string") {
    return { name: value, settings: settingsOf(where, { method: value }), wholePool: false };
  }
  const { name, ...settings } = entryOf(where, value);
  const found = settingsOf(where, settings);
  return { name: nameOf(where, name) ?? String(found.method ?? "colm"), settings: found, wholePool: false };
}

function sizeEntry(where: string, value: unknown): Entry {
  const { name, ...settings } = entryOf(where, value);
  const found = settingsOf(where, settings);
  const given = Object.entries(found).map(([key, entry]) =>
    key === "model" ? basename(String(entry)) : `${key}-${entry}`,
  );
  return { name: nameOf(where, name) ?? given.join("-"), settings: found, wholePool: false };
}

function nameOf(where: string, name: unknown): string | undefined {
  if (name === undefined || (typeof name === "string" && /\w/.test(name))) return name;
  throw inputError(`${where}: "name" must be a text with a letter or digit, got ${JSON.stringify(name)}`);
}

function entryOf(where: string, value: unknown): { readonly name?: unknown } {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw inputError(`${where} must be an object of settings, got ${JSON.stringify(value)}`);
}

function settingsOf(where: string, value: unknown): Settings {
  const settings = configSettings(where, value, trainTable);
  const own = OWN.find((name) => Object.hasOwn(settings, name));
  if (own !== undefined) throw inputError(`${where} must leave "${own}" to the grid`);
  return settings;
}

function listOf(where: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0) return value;
  throw inputError(`${where} must be a list of at least one, got ${JSON.stringify(value)}`);
}
