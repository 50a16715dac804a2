import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type BadRow, type ReadRowsOptions, type Row, readRows } from "../src/index.ts";

/** A folder for the files of one test file, removed when its tests have run. */
export function temporaryFolder(): {
  path(name: string): string;
  write(name: string, content: string | Uint8Array): Promise<string>;
} {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "colm-data-"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  return {
    path: (name) => join(folder, name),
    async write(name, content) {
      await writeFile(join(folder, name), content);
      return join(folder, name);
    },
  };
}

/** All that an async iterable gives. */
export async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of source) list.push(item);
  return list;
}

/** All rows of a file, and what it says about bad ones. */
export async function rowsAndBad(
  source: string,
  options: ReadRowsOptions = {},
): Promise<{ rows: Row[]; bad: BadRow[] }> {
  const bad: BadRow[] = [];
  const rows = await all(readRows(source, { ...options, onBadRow: (row) => bad.push(row) }));
  return { rows, bad };
}

/** What an action is refused with, `path` shortened to its last part. */
export async function refusalOf(action: Promise<unknown>, path = ""): Promise<string> {
  const error: unknown = await action.catch((thrown: unknown) => thrown);
  if (!(error instanceof Error)) return "no error";
  const name = path.split("/").at(-1) ?? "";
  return `${error.name}: ${path === "" ? error.message : error.message.replaceAll(path, name)}`;
}

/** `rows` as JSON Lines. */
export const lines = (...rows: unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
