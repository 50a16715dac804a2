import { readdir, readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { table } from "./table.ts";

process.exitCode = await main(process.argv.slice(2));

/** `pnpm bench NAME [--json] [--n SIZE] [--backend NAME] [--size NAME]`: runs `tools/bench/NAME.ts` and prints its figures; returns the exit code. */
async function main(args: string[]): Promise<number> {
  const names = await benchmarks();
  const request = parse(args);
  if (typeof request === "string") return usage(request, names);
  if (request.name === undefined) return usage("no benchmark named", names);
  if (!names.includes(request.name)) return usage(`no benchmark is called "${request.name}"`, names);
  const figures = await run(request.name, request.settings);
  if (typeof figures === "string") return usage(figures, names);
  console.log(table(figures));
  if (request.json) console.log(JSON.stringify(figures));
  return 0;
}

/** The files of this folder that export `run`. */
async function benchmarks(): Promise<string[]> {
  const names: string[] = [];
  for (const file of (await readdir(import.meta.dirname)).sort()) {
    if (!file.endsWith(".ts") || file.endsWith(".test.ts")) continue;
    const source = await readFile(new URL(file, import.meta.url), "utf8");
    if (/^export (async function run\b|function run\b|const run\b)/m.test(source))
      names.push(file.slice(0, -3));
  }
  return names;
}

/** What `run` of a benchmark is called with; only what was given is there. */
interface Settings {
  readonly n?: number;
  readonly backend?: string;
  readonly size?: string;
}

function parse(args: string[]): { name: string | undefined; json: boolean; settings: Settings } | string {
  try {
    const { values, positionals } = parseArgs({
      args: args[0] === "--" ? args.slice(1) : args,
      options: {
        json: { type: "boolean", default: false },
        n: { type: "string" },
        backend: { type: "string" },
        size: { type: "string" },
      },
      allowPositionals: true,
    });
    if (positionals.length > 1) return `one benchmark at a time, got ${positionals.join(", ")}`;
    const n = values.n === undefined ? undefined : Number(values.n);
    if (n !== undefined && !(Number.isInteger(n) && n > 0)) {
      return `--n must be an integer of at least 1, got ${values.n}`;
    }
    const { json, backend, size } = values;
    const settings = {
      ...(n !== undefined && { n }),
      ...(backend !== undefined && { backend }),
      ...(size !== undefined && { size }),
    };
    return { name: positionals[0], json, settings };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The figures, or what is wrong with the settings: `--backend` and `--size` are refused by benchmarks that do not name their choices. */
async function run(name: string, settings: Settings): Promise<Record<string, number> | string> {
  const module: unknown = await import(new URL(`${name}.ts`, import.meta.url).href);
  if (!hasRun(module)) throw new TypeError(`bench: tools/bench/${name}.ts must export run()`);
  for (const option of ["backend", "size"] as const) {
    const value = settings[option];
    const choices = choicesOf(module, option);
    if (value === undefined || choices.includes(value)) continue;
    return choices.length === 0
      ? `${name} takes no --${option}`
      : `--${option} of ${name} must be ${choices.join(" or ")}, got ${value}`;
  }
  const figures: unknown = await module.run(settings);
  if (!isFigures(figures))
    throw new TypeError(`bench: run() of ${name} must resolve to named finite numbers`);
  return figures;
}

/** What a benchmark exports as `choices`, by option. */
function choicesOf(module: object, option: "backend" | "size"): readonly unknown[] {
  const choices: unknown = Reflect.get(module, "choices");
  const list: unknown = typeof choices === "object" && choices !== null ? Reflect.get(choices, option) : [];
  return Array.isArray(list) ? list : [];
}

function hasRun(module: unknown): module is { run: (settings: Settings) => unknown } {
  return typeof module === "object" && module !== null && "run" in module && typeof module.run === "function";
}

function isFigures(value: unknown): value is Record<string, number> {
  return typeof value === "object" && value !== null && Object.values(value).every(Number.isFinite);
}

function usage(problem: string, names: readonly string[]): number {
  console.error(
    `bench: ${problem}\nusage: pnpm bench NAME [--json] [--n SIZE] [--backend NAME] [--size NAME]\nthere is: ${names.join(", ") || "nothing yet"}`,
  );
  return 2;
}
