import {
  type ColumnData,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
} from "hyparquet";
import { getMaxDefinitionLevel, getMaxRepetitionLevel, getSchemaPath } from "hyparquet/src/schema.js";
import { compressors, decompressGzip } from "hyparquet-compressors";
import type { ByteSource } from "./byte-source.ts";
import { crc32 } from "./crc32.ts";
import { type Chunk, requireGroups, requirePages } from "./parquet-layout.ts";
import { requireSchema } from "./parquet-schema.ts";

/** A Parquet file of which one row group at a time is read. */
export interface ParquetTable {
  /** The outermost columns. */
  readonly columns: readonly string[];
  /** Rows of each group. */
  readonly groups: readonly number[];
  /** The named columns of a group, as many entries each as the group has rows. */
  readGroup(group: number, columns: readonly string[]): Promise<Map<string, ArrayLike<unknown>>>;
}

/** Reads a file's footer and checks that what it promises fits into the file. */
export async function openParquet(file: ByteSource): Promise<ParquetTable> {
  const metadata = await readFooter(file);
  const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
  const groups = requireGroups(metadata, file);
  const starts = groups.map((_, g) => groups.slice(0, g).reduce((sum, rows) => sum + rows, 0));
  return {
    columns,
    groups,
    async readGroup(group, wanted) {
      const rows = groups[group] ?? 0;
      const start = starts[group] ?? 0;
      try {
        return await readColumns(file, metadata, { group, start, rows }, wanted);
      } catch (cause) {
        throw damaged(cause, file.name, ` in rows ${start + 1} to ${start + rows}`);
      }
    },
  };
}

async function readFooter(file: ByteSource): Promise<FileMetaData> {
  try {
    const magic = new TextDecoder("latin1").decode(await file.read(0, Math.min(4, file.size)));
    if (file.size < 12 || magic !== "PAR1") throw new Error("no PAR1 at its beginning");
    const bytes = {
      byteLength: file.size,
      slice: (start: number, end = file.size) => file.read(start, end),
    };
    const metadata = await parquetMetadataAsync(bytes, { geoparquet: false });
    requireSchema(metadata);
    return metadata;
  } catch (cause) {
    throw damaged(cause, file.name, "");
  }
}

const unpackers: Compressors = { ...compressors, GZIP: gunzipExactly };

interface Part {
  readonly group: number;
  readonly start: number;
  readonly rows: number;
}

async function readColumns(
  file: ByteSource,
  metadata: FileMetaData,
  { group, start, rows }: Part,
  wanted: readonly string[],
): Promise<Map<string, ArrayLike<unknown>>> {
  const chunks: Chunk[] = [];
  for (const { meta_data: meta } of metadata.row_groups[group]?.columns ?? []) {
    if (meta === undefined || !wanted.includes(meta.path_in_schema[0] ?? "")) continue;
    const from = Number(meta.dictionary_page_offset || meta.data_page_offset);
    const path = getSchemaPath(metadata.schema, meta.path_in_schema);
    const chunk: Chunk = {
      start: from,
      bytes: await file.read(from, from + Number(meta.total_compressed_size)),
      values: Number(meta.num_values),
      path: meta.path_in_schema.join("."),
      codec: meta.codec,
      repetition: getMaxRepetitionLevel(path),
      definition: getMaxDefinitionLevel(path),
    };
    requirePages(chunk, unpackers);
    chunks.push(chunk);
  }
  const parts = new Map<string, ArrayLike<unknown>[]>(wanted.map((name) => [name, []]));
  await parquetRead({
    file: { byteLength: file.size, slice: (from, to = file.size) => cutOut(chunks, from, to) },
    metadata,
    geoparquet: false,
    columns: [...wanted],
    rowStart: start,
    rowEnd: start + rows,
    compressors: unpackers,
    parsers: { stringFromBytes: textOrBytes },
    onChunk: ({ columnName, columnData }: ColumnData) => parts.get(columnName)?.push(columnData),
  });
  const columns = new Map<string, ArrayLike<unknown>>();
  for (const [name, list] of parts) {
    const [first = []] = list;
    const column = list.length === 1 ? first : list.flatMap((part) => Array.from(part));
    if (column.length !== rows) throw new Error(`column ${name} has ${column.length} entries`);
    columns.set(name, column);
  }
  return columns;
}

/** The bytes that the reader asks for: one chunk, or several with the small gaps between them, which nobody looks at. */
function cutOut(chunks: readonly Chunk[], from: number, to: number): ArrayBuffer {
  const same = chunks.find(({ start, bytes }) => start === from && start + bytes.byteLength === to);
  if (same !== undefined) return same.bytes;
  const out = new Uint8Array(to - from);
  for (const { start, bytes } of chunks) {
    const first = Math.max(from, start);
    const last = Math.min(to, start + bytes.byteLength);
    if (first < last) out.set(new Uint8Array(bytes, first - start, last - first), first - from);
  }
  return out.buffer;
}

/** The reader's own fills up or cuts off what has another length than was declared, and looks at no checksum. */
function gunzipExactly(packed: Uint8Array, length: number): Uint8Array {
  const bytes = decompressGzip(packed, length);
  const trailer = new DataView(packed.buffer, packed.byteOffset + packed.byteLength - 8, 8);
  if (trailer.getUint32(4, true) !== length) throw new Error("a packed page of another length");
  if (trailer.getUint32(0, true) !== crc32(bytes)) throw new Error("a packed page with a wrong checksum");
  return bytes;
}

/** The text of UTF-8 bytes; other bytes stay bytes, so that the row that holds them can be named. */
function textOrBytes(bytes: Uint8Array): string | Uint8Array {
  try {
    return bytes && new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes;
  }
}

function damaged(cause: unknown, name: string, where: string): unknown {
  if (cause instanceof Error && cause.message.startsWith("readRows: ")) return cause;
  const [reason = ""] = (cause instanceof Error ? cause.message : String(cause)).split("\n", 1);
  return new RangeError(`readRows: "source" must be a sound Parquet file, got ${reason}${where} at ${name}`, {
    cause,
  });
}
