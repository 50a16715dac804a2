import { describe } from "@colm/array";
import type { ByteSource } from "./byte-source.ts";
import { columnsOf, parseRow } from "./parse-row.ts";
import { textOf } from "./read-text.ts";
import type { Row } from "./row.ts";
import { type FileOptions, formatOf, linesOf, sourceFiles } from "./source-files.ts";
import { type FileSourceRule, ruleForFile, type SourceRule } from "./source-rule.ts";
import { rowOfColumns } from "./table-row.ts";

/** A row that could not be used. */
export interface BadRow {
  /** File and line, or file and row of a table, from 1: `train.jsonl:7`. */
  readonly position: string;
  /** What is wrong with it, in one line that ends with the position. */
  readonly message: string;
}

/** What rows are: how one is made of a parsed value, and which columns of a table that takes. */
export interface RowKind<T> {
  parse(value: unknown, rule: FileSourceRule, position: string): T;
  columns(names: readonly string[], rule: FileSourceRule, position: string): string[];
}

/** Rows that are learned from. */
export const learnedRows: RowKind<Row> = { parse: parseRow, columns: columnsOf };

/** A row and where it stands: `place` is the byte at which its line begins, or its number in its table from 0. */
export interface NumberedRow<T = Row> {
  readonly row: T;
  readonly position: string;
  readonly file: number;
  readonly place: number;
  /** Bytes of its line; 0 in a table. */
  readonly bytes: number;
}

/** Settings of {@link numberedRows}. */
export interface NumberedOptions extends FileOptions {
  readonly source: SourceRule;
  readonly onBadRow?: ((bad: BadRow) => void) | undefined;
}

type Place = Omit<NumberedRow<unknown>, "row">;

/** Rows of files in order, each with its place; a bad row is reported where somebody listens, else it ends the reading. */
export async function* numberedRows<T>(
  source: string | URL,
  options: NumberedOptions,
  kind: RowKind<T>,
): AsyncGenerator<NumberedRow<T>> {
  let rows = 0;
  let bad = 0;
  for (const [number, { name, open }] of (await sourceFiles(source, options)).entries()) {
    const rule = ruleForFile(options.source, name);
    const file = await open();
    try {
      for await (const { parse, ...place } of unparsedRows(file, number, rule, options, kind)) {
        const row = attempt(parse, place.position, options.onBadRow);
        if (row === undefined) bad++;
        else {
          rows++;
          yield { row, ...place };
        }
      }
    } finally {
      await file.close();
    }
  }
  requireRows(rows, bad, `${source}`);
}

/** What `parse` gives; where it throws and somebody listens, nothing. */
export function attempt<T>(
  parse: () => T,
  position: string,
  onBadRow: ((bad: BadRow) => void) | undefined,
): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (onBadRow === undefined || !(error instanceof Error)) throw error;
    onBadRow({ position, message: error.message });
    return undefined;
  }
}

/** Refuses a source that turned out to have no row. */
export function requireRows(rows: number, bad: number, name: string): void {
  if (rows > 0) return;
  const got = bad === 0 ? "none" : `${bad} bad ones alone`;
  throw new RangeError(`readRows: "source" must hold at least one row, got ${got} in ${name}`);
}

interface Unparsed<T> extends Place {
  parse(): T;
}

async function* unparsedRows<T>(
  source: ByteSource,
  file: number,
  rule: FileSourceRule,
  options: NumberedOptions,
  kind: RowKind<T>,
): AsyncGenerator<Unparsed<T>> {
  const { name } = source;
  switch (formatOf(name, options)) {
    case "jsonl":
      for await (const { bytes, number, start } of linesOf(source)) {
        if (isBlank(bytes)) continue;
        const position = `${name}:${number}`;
        const parse = () => parseLine(bytes, number, rule, position, kind);
        yield { parse, position, file, place: start, bytes: bytes.length };
      }
      break;
    case "text": {
      const text = await textOf(source);
      const parse = () => kind.parse({ text, source: "" }, rule, `at ${name}`);
      yield { parse, position: name, file, place: 0, bytes: source.size };
      break;
    }
    case "parquet":
      yield* tableRows(source, file, rule, kind);
  }
}

async function* tableRows<T>(
  source: ByteSource,
  file: number,
  rule: FileSourceRule,
  kind: RowKind<T>,
): AsyncGenerator<Unparsed<T>> {
  const { openParquet } = await import("./open-parquet.ts");
  const table = await openParquet(source);
  let place = 0;
  for (const [group, rows] of table.groups.entries()) {
    if (rows === 0) continue;
    const columns = await table.readGroup(group, kind.columns(table.columns, rule, `at ${source.name}`));
    for (let i = 0; i < rows; i++, place++) {
      const position = `${source.name}:${place + 1}`;
      const parse = () => kind.parse(rowOfColumns(columns, i, `at ${position}`), rule, `at ${position}`);
      yield { parse, position, file, place, bytes: 0 };
    }
  }
}

/** Makes a row of a line's bytes. */
export function parseLine<T>(
  bytes: Uint8Array,
  number: number,
  rule: FileSourceRule,
  position: string,
  kind: RowKind<T>,
): T {
  return kind.parse(parseJson(decode(bytes, number, position), position), rule, `at ${position}`);
}

const BYTE_ORDER_MARK = "\uFEFF";

function decode(bytes: Uint8Array, number: number, position: string): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return number === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  } catch (cause) {
    throw new RangeError(`readRows: "source" must be UTF-8, got other bytes at ${position}`, { cause });
  }
}

function parseJson(text: string, position: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const shown = describe(text.length > 40 ? `${text.slice(0, 40)}…` : text);
    throw new RangeError(
      `readRows: "source" must hold one JSON object per line, got ${shown} at ${position}`,
      { cause },
    );
  }
}

/** Whether a line has nothing but spaces, tabs and carriage returns. */
function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 32 || byte === 9 || byte === 13);
}
