import { basename } from "node:path";
import type { RunRecord, Shown } from "@colm/report";
import { configurable } from "./config-file.ts";
import type { OptionSpec, Options, OptionTable } from "./option-table.ts";

/** What a record holds in fields of its own, or what does not change a run. */
const APART = [
  "seed",
  "method",
  "pool",
  "budget",
  "output",
  "save-steps",
  "save-total-limit",
  "logging-steps",
  "logging-dir",
  "report-to",
];

/** Options whose value is a path: a report shows the last part alone. */
const PATHS = ["model", "adapter", "data", "validation"];

/** The options that were given and say what a run was, in camelCase, for its record. */
export function givenSettings(options: Options, table: OptionTable): RunRecord["settings"] {
  const given = configurable(table).flatMap(([name, spec]): [string, Shown][] => {
    if (APART.includes(name)) return [];
    const value = shown(options, name, spec);
    return value === undefined ? [] : [[camelCase(name), value]];
  });
  return Object.fromEntries(given);
}

function shown(options: Options, name: string, { value, kind }: OptionSpec): Shown | undefined {
  if (value === undefined) return options.flag(name) ? true : undefined;
  const text = options.text(name);
  if (text === undefined) return undefined;
  if (kind === "number" || kind === "integer") return options.number(name) ?? null;
  return PATHS.includes(name)
    ? text
        .split(",")
        .map((path) => basename(path))
        .join(",")
    : text;
}

function camelCase(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
