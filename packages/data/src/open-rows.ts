import { describe, requireNatural } from "@colm/array";
import type { ByteSource } from "./byte-source.ts";
import { countSources, type SourceTable, sourceIndices } from "./count-sources.ts";
import { isPacked, requireFormat } from "./data-format.ts";
import type { Indexed } from "./indexed.ts";
import { learnedRows, numberedRows, parseLine } from "./numbered-rows.ts";
import type { ParquetTable } from "./open-parquet.ts";
import { columnsOf, parseRow } from "./parse-row.ts";
import type { ReadRowsOptions } from "./read-rows.ts";
import { textOf } from "./read-text.ts";
import type { Row } from "./row.ts";
import { type FileOptions, formatOf, requireAddress, sourceFiles } from "./source-files.ts";
import { type FileSourceRule, requireSourceRule, ruleForFile } from "./source-rule.ts";
import { rowOfColumns } from "./table-row.ts";

/** Rows on a disk or on the Hub, read one by one when they are asked for. */
export interface RowList extends Indexed<Row> {
  get(index: number): Promise<Row>;
  /** The sources of the rows, the largest first. */
  readonly sources: SourceTable;
  /** The place of each row's source in that table. */
  readonly sourceIndices: Int32Array;
  /** Closes the files; nothing can be asked for any more. */
  close(): Promise<void>;
}

/** Row groups of a Parquet file that are held while rows are asked for. */
const HELD_GROUPS = 4;

/**
 * Opens files of rows for reading in any order: `get(i)` is the row that `readRows` gives as number `i`.
 *
 * All rows are read and checked once, and only their places are kept. So a shuffled order needs no shuffled copy:
 * `batches` and `mixtureBatches` take the list, or one that encodes its rows on demand.
 *
 * @param source - A path, a `file:` URL or a data set of the Hub, as of `readRows`, but no packed JSON Lines.
 * @param options - As of `readRows`; bad rows that `onBadRow` is told of have no number.
 * @returns The list. Its files stay open until `close()`.
 * @throws {TypeError | RangeError} What `readRows` throws, and if a file is packed, as it can only be read in order.
 * @remarks Holds 24 bytes per row. A row of JSON Lines costs one read of its bytes (on the Hub a request); a row of Parquet
 *   its row group, of which the last four are held: in a shuffled order over more groups than that, each row costs the
 *   unpacking of a group, so make JSON Lines of such files first. The files must stay as they are.
 */
export async function openRows(source: string | URL, options: ReadRowsOptions = {}): Promise<RowList> {
  const { source: rule = { field: "source" }, format, onBadRow, hub } = options;
  requireSourceRule(rule);
  requireFormat(format);
  requireAddress(source);
  const settings: FileOptions = { format, hub };
  const files = await sourceFiles(source, settings);
  const packed = files.find(({ name }) => isPacked(name));
  if (packed !== undefined) {
    throw new RangeError(
      `openRows: "source" must not be packed (unpack it, or read it in order with readRows), got ${describe(packed.name)}`,
    );
  }
  const places: number[] = [];
  const lengths: number[] = [];
  const owners: number[] = [];
  const names = new Map<string, number>();
  const numbers: number[] = [];
  for await (const { row, place, bytes, file } of numberedRows(
    source,
    { source: rule, onBadRow, ...settings },
    learnedRows,
  )) {
    places.push(place);
    lengths.push(bytes);
    owners.push(file);
    const number = names.get(row.source) ?? names.size;
    names.set(row.source, number);
    numbers.push(number);
  }
  const list = [...names.keys()].map((name) => ({ source: name }));
  const sources = await countSources(
    (function* () {
      for (const number of numbers) yield list[number];
    })(),
  );
  const order = sourceIndices(list, sources);
  let isOpen = true;
  const readers = files.map(({ name, open }) => rowReader(open, name, ruleForFile(rule, name), settings));
  return {
    length: places.length,
    sources,
    sourceIndices: Int32Array.from(numbers, (number) => order[number]),
    async get(index) {
      requireNatural("openRows.get", "index", index, places.length - 1);
      if (!isOpen) throw new Error("openRows.get: the list must be open, got a call after close()");
      return readers[owners[index]].read(places[index], lengths[index]);
    },
    async close() {
      isOpen = false;
      for (const reader of readers) await reader.close();
    },
  };
}

interface RowReader {
  read(place: number, bytes: number): Promise<Row>;
  close(): Promise<void>;
}

function rowReader(
  open: () => Promise<ByteSource>,
  name: string,
  rule: FileSourceRule,
  settings: FileOptions,
): RowReader {
  let opened: Promise<ByteSource> | undefined;
  let table: Promise<(place: number) => Promise<Row>> | undefined;
  const file = (): Promise<ByteSource> => {
    opened ??= open();
    return opened;
  };
  return {
    async read(place, bytes) {
      switch (formatOf(name, settings)) {
        case "jsonl": {
          const line = new Uint8Array(await (await file()).read(place, place + bytes));
          return parseLine(line, place === 0 ? 1 : 2, rule, `${name}, byte ${place}`, learnedRows);
        }
        case "text":
          return parseRow({ text: await textOf(await file()), source: "" }, rule, `at ${name}`);
        case "parquet":
          table ??= tableReader(await file(), rule);
          return (await table)(place);
      }
    },
    async close() {
      await (await opened)?.close();
      opened = undefined;
      table = undefined;
    },
  };
}

async function tableReader(file: ByteSource, rule: FileSourceRule): Promise<(place: number) => Promise<Row>> {
  const { openParquet } = await import("./open-parquet.ts");
  const table: ParquetTable = await openParquet(file);
  const columns = columnsOf(table.columns, rule, `at ${file.name}`);
  const ends: number[] = [];
  for (const rows of table.groups) ends.push((ends.at(-1) ?? 0) + rows);
  const held = new Map<number, ReturnType<ParquetTable["readGroup"]>>();
  return async (place) => {
    const group = ends.findIndex((end) => place < end);
    const content = held.get(group) ?? table.readGroup(group, columns);
    // the one used last stands last
    held.delete(group);
    held.set(group, content);
    const [oldest] = held.keys();
    if (held.size > HELD_GROUPS && oldest !== undefined) held.delete(oldest);
    const row = place - (ends[group] - table.groups[group]);
    const position = `at ${file.name}:${place + 1}`;
    return parseRow(rowOfColumns(await content, row, position), rule, position);
  };
}
