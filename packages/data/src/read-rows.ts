import { describe } from "@colm/array";
import { parseRow, type SourceRule } from "./parse-row.ts";
import type { Row } from "./row.ts";

/** How `readRows` finds each row's source. */
export interface ReadRowsOptions {
  /** `{ field }`: the field that names it, `{ field: "source" }` by default; `{ name }`: one name for all rows. */
  readonly source?: SourceRule;
}

/**
 * Reads rows one at a time, `row_i = parse(line_i)`.
 *
 * @param source - A path or a `file:` URL of a JSON Lines file (UTF-8; `.gz` is unpacked), read while the result is
 *   iterated and never held as a whole; or rows from anywhere else, which are checked in the same way.
 * @param options - `source`: where a row's source is written, `{ field: "source" }` by default.
 * @returns The rows in order, each a fresh object with the fields of its shape and `source` alone. Lines of white
 *   space are passed over. Iterating again reads the file again.
 * @throws {TypeError} If `source` is of another kind, or, while iterating, at a row or field of another kind.
 * @throws {RangeError} If `source` is an address that cannot be read here; while iterating: a missing file, a file
 *   without rows, a line that is not JSON or not UTF-8, a row without the fields of any shape or without a source.
 *   The message names file and line.
 * @remarks Files are read through `node:fs`, loaded when the first row is asked for: the rest of the package runs
 *   anywhere.
 * @example
 * async function* made() {
 *   yield { instruction: "What is 7 + 5?", output: "12", source: "sums" };
 * }
 * const rows = [];
 * for await (const row of readRows(made())) rows.push(row);
 * rows; // => [{ instruction: "What is 7 + 5?", output: "12", source: "sums" }]
 */
export function readRows(
  source: string | URL | AsyncIterable<Row>,
  options: ReadRowsOptions = {},
): AsyncIterable<Row> {
  const { source: rule = { field: "source" } } = options;
  requireRule(rule);
  if (typeof source === "string" || source instanceof URL) {
    requireFile(source);
    return { [Symbol.asyncIterator]: () => fromFile(source, rule) };
  }
  if (typeof source !== "object" || source === null || !(Symbol.asyncIterator in source)) {
    throw new TypeError(
      `readRows: "source" must be a path, a URL or an async iterable of rows, got ${describe(source)}`,
    );
  }
  return { [Symbol.asyncIterator]: () => fromIterable(source, rule) };
}

async function* fromFile(source: string | URL, rule: SourceRule): AsyncGenerator<Row> {
  const { readLines } = await import("./read-lines.ts");
  let rows = 0;
  for await (const { text, number } of readLines(source)) {
    if (text.trim() === "") continue;
    yield parseRow(parseJson(text, `${source}:${number}`), rule, `at ${source}:${number}`);
    rows++;
  }
  requireRows(rows, `${source}`);
}

async function* fromIterable(source: AsyncIterable<unknown>, rule: SourceRule): AsyncGenerator<Row> {
  let rows = 0;
  for await (const value of source) yield parseRow(value, rule, `at ${rows++}`);
  requireRows(rows, "the iterable");
}

function parseJson(text: string, position: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const shown = JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
    throw new RangeError(
      `readRows: "source" must hold one JSON object per line, got ${shown} at ${position}`,
      {
        cause,
      },
    );
  }
}

function requireRows(rows: number, name: string): void {
  if (rows === 0) throw new RangeError(`readRows: "source" must hold at least one row, got none in ${name}`);
}

function requireFile(source: string | URL): void {
  const address = `${source}`;
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(address);
  if ((scheme !== null && scheme[1] !== "file") || address.endsWith(".parquet")) {
    throw new RangeError(
      `readRows: "source" must be a path or a file: URL of a JSON Lines file, got ${describe(address)}`,
    );
  }
}

function requireRule(rule: SourceRule): void {
  const name = "name" in rule ? rule.name : rule.field;
  if (typeof name === "string" && name !== "") return;
  throw new TypeError(
    `readRows: "options.source" must be { field } or { name } with a name, got ${describe(name)}`,
  );
}
