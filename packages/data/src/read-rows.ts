import { describe } from "@colm/array";
import { type DataFormat, requireFormat } from "./data-format.ts";
import type { HubOptions } from "./hub-files.ts";
import { attempt, type BadRow, learnedRows, numberedRows, requireRows } from "./numbered-rows.ts";
import { parseRow } from "./parse-row.ts";
import type { Row } from "./row.ts";
import { requireAddress } from "./source-files.ts";
import { requireSourceRule, ruleForFile, type SourceRule } from "./source-rule.ts";

/** How `readRows` finds files and each row's source, and what becomes of bad rows. */
export interface ReadRowsOptions {
  /** Where a row's source is written, `{ field: "source" }` by default. */
  readonly source?: SourceRule | undefined;
  /** By default what the file's name ends with says, and JSON Lines where it says nothing. */
  readonly format?: DataFormat | undefined;
  /** Is told of each bad row, which is then passed over. By default the first one ends the reading with an error. */
  readonly onBadRow?: ((bad: BadRow) => void) | undefined;
  /** How the Hugging Face Hub is reached. */
  readonly hub?: HubOptions | undefined;
}

/**
 * Reads rows one at a time, `row_i = parse(line_i)`.
 *
 * @param source - A path, a `file:` URL or `hf://datasets/owner/name[/path][@revision]` of JSON Lines, packed JSON Lines
 *   (`.gz`), Parquet or plain text, read while the result is iterated and never held as a whole; or rows from anywhere
 *   else, which are checked in the same way. On the Hub the path is a file, a folder, or a pattern with `*` in its last
 *   part; several files follow one another by name.
 * @param options - Where a row's source is written, `{ field: "source" }` by default; the format, where the name does not
 *   say it; who is told of bad rows instead of an error; how the Hub is reached.
 * @returns The rows in order, each a fresh object with the fields of its shape and `source` alone. Lines of white
 *   space are passed over. Iterating again reads the file again.
 * @throws {TypeError} If `source` or an option is of another kind, or, while iterating, at a row or field of another kind.
 * @throws {RangeError} If `source` is an address that cannot be read here; while iterating: a missing file, a file
 *   without rows, a line that is not JSON or not UTF-8, a row without the fields of any shape or without a source, a
 *   packed file or a Parquet file that ends early or contradicts itself. The message names file and line, in Parquet
 *   file and row.
 * @remarks A row is bad when it, and nothing around it, is wrong: `onBadRow` hears of it and reading goes on. A damaged
 *   file always ends the reading. Of Parquet one row group of the needed columns is held, of text formats one line (at
 *   most 256 MiB). Files are read through `node:fs`, data sets of the Hub through `@huggingface/hub`, both loaded when
 *   the first row is asked for: the rest of the package runs anywhere.
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
  const rows = placedRows(source, options);
  return {
    [Symbol.asyncIterator]: async function* () {
      for await (const { row } of rows) yield row;
    },
  };
}

/** A row and where it stands. */
export interface PlacedRow {
  readonly row: Row;
  /** File and line, file and row of a table (both from 1), or the place in an iterable (from 0). */
  readonly position: string;
}

/** What {@link readRows} reads, with its places; the arguments are checked at once. */
export function placedRows(
  source: string | URL | AsyncIterable<Row>,
  options: ReadRowsOptions,
): AsyncIterable<PlacedRow> {
  const { source: rule = { field: "source" }, format, onBadRow, hub } = options;
  requireSourceRule(rule);
  requireFormat(format);
  if (typeof source === "string" || source instanceof URL) {
    requireAddress(source);
    const settings = { source: rule, format, onBadRow, hub };
    return { [Symbol.asyncIterator]: () => numberedRows(source, settings, learnedRows) };
  }
  if (typeof source !== "object" || source === null || !(Symbol.asyncIterator in source)) {
    throw new TypeError(
      `readRows: "source" must be a path, a URL or an async iterable of rows, got ${describe(source)}`,
    );
  }
  if (rule === "file") {
    throw new RangeError(
      'readRows: "options.source" must be a field, a name or "none" for rows that stand in no file, got "file"',
    );
  }
  return { [Symbol.asyncIterator]: () => fromIterable(source, rule, onBadRow) };
}

async function* fromIterable(
  source: AsyncIterable<unknown>,
  rule: SourceRule,
  onBadRow: ReadRowsOptions["onBadRow"],
): AsyncGenerator<PlacedRow> {
  let rows = 0;
  let bad = 0;
  for await (const value of source) {
    const position = `${rows + bad}`;
    const row = attempt(() => parseRow(value, ruleForFile(rule, ""), `at ${position}`), position, onBadRow);
    if (row === undefined) bad++;
    else {
      rows++;
      yield { row, position };
    }
  }
  requireRows(rows, bad, "the iterable");
}
