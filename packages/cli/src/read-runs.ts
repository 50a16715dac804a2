import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { parseRunRecord, type RunRecord } from "@colm/report";
import { inputError } from "./input-error.ts";
import { parseJson } from "./parse-json.ts";

/** A run and where it lies. */
export interface FoundRun {
  /** The folder with its `run.json`, or the file's own folder. */
  readonly folder: string;
  readonly record: RunRecord;
}

const RECORD = "run.json";

/**
 * The records of the runs that paths name: a run's folder, a folder of runs, or a record file.
 *
 * @param paths - At least one.
 * @returns In the order of the paths, those of a folder of runs by name; each run once. Names are distinct: where two runs have the same
 *   one, both are called by their path.
 * @throws {Error} If a path holds no run, or a record is not one. One line, for the user.
 */
export async function readRuns(paths: readonly string[]): Promise<FoundRun[]> {
  const files = new Set<string>();
  for (const path of paths) for (const file of await recordFiles(path)) files.add(resolve(file));
  const found = await Promise.all([...files].map(readRun));
  return distinct(found);
}

/** The runs that lie beside others, in the same folders; without those given, and without what is no run. */
export async function runsBeside(runs: readonly FoundRun[]): Promise<FoundRun[]> {
  const given = runs.map(({ folder }) => folder);
  const found: FoundRun[] = [];
  for (const parent of new Set(given.map((folder) => dirname(folder)))) {
    for (const file of await childRecords(parent)) {
      if (given.includes(dirname(resolve(file)))) continue;
      const run = await readRun(file).catch(() => undefined);
      if (run !== undefined) found.push(run);
    }
  }
  return found;
}

/** Runs with distinct names: those that share one are called by their path. */
export function distinct(runs: readonly FoundRun[]): FoundRun[] {
  const isShared = (name: string): boolean => runs.filter(({ record }) => record.name === name).length > 1;
  return runs.map(({ folder, record }) =>
    isShared(record.name)
      ? { folder, record: { ...record, name: relative(".", folder) || folder } }
      : { folder, record },
  );
}

async function recordFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw inputError(`a run must be a folder or a record, got nothing at ${path}`);
  if (!found.isDirectory()) return [path];
  const own = join(path, RECORD);
  if (await isFile(own)) return [own];
  const children = await childRecords(path);
  if (children.length === 0) throw inputError(`a run must have a ${RECORD}, got none in ${path}`);
  return children;
}

async function childRecords(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).sort();
  const files = names.map((name) => join(folder, name, RECORD));
  const there = await Promise.all(files.map(isFile));
  return files.filter((_, i) => there[i]);
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

async function readRun(file: string): Promise<FoundRun> {
  const text = await readFile(file, "utf8").catch((error) => {
    throw inputError(`a run must be readable, got ${error.code} at ${file}`);
  });
  try {
    return { folder: resolve(dirname(file)), record: parseRunRecord(parseJson(text)) };
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^parseRunRecord: /, "") : String(error);
    throw inputError(`${file} must be the record of a run: ${reason}`, error);
  }
}
