import type { CompressionCodec, Compressors, FileMetaData, PageHeader } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import type { ByteSource } from "./byte-source.ts";
import { crc32 } from "./crc32.ts";
import { requireRuns } from "./parquet-runs.ts";

/** Rows that a row group may have; writers make groups of up to a million. */
const LARGEST_GROUP = 2 ** 24;

/** Values that a column chunk may have, those inside of lists counted one by one. */
const MOST_VALUES = 2 ** 27;

/** Bytes that a page may have when it is unpacked. */
const LARGEST_PAGE = 2 ** 28;

/** The stored bytes of one column in one row group. */
export interface Chunk {
  /** Of the first byte in the file. */
  readonly start: number;
  readonly bytes: ArrayBuffer;
  /** How many the footer promises. */
  readonly values: number;
  readonly path: string;
  readonly codec: CompressionCodec;
  /** The largest level of repetition and of definition: how deep lists lie, and how many steps may be missing. */
  readonly repetition: number;
  readonly definition: number;
}

/** The rows of each group, after a check of everything that the footer says about sizes and places. */
export function requireGroups(metadata: FileMetaData, { size, name }: ByteSource): number[] {
  const refuse = (reason: string): never => {
    throw new RangeError(`readRows: "source" must be a sound Parquet file, got ${reason} at ${name}`);
  };
  const groups = metadata.row_groups.map(({ num_rows }) => Number(num_rows));
  const total = groups.reduce((sum, rows) => sum + rows, 0);
  if (total !== Number(metadata.num_rows)) {
    refuse(`row groups of ${total} rows where its footer says ${metadata.num_rows}`);
  }
  const end = size - metadata.metadata_length - 8;
  for (const [g, { columns }] of metadata.row_groups.entries()) {
    const rows = groups[g] ?? 0;
    if (!(rows >= 0 && rows <= LARGEST_GROUP))
      refuse(`a row group of ${rows} rows (at most ${LARGEST_GROUP})`);
    for (const { meta_data: meta, file_path } of columns) {
      if (meta === undefined || file_path)
        return refuse("a column that is encrypted or stands in another file");
      const path = meta.path_in_schema.join(".");
      const start = Number(meta.dictionary_page_offset || meta.data_page_offset);
      const bytes = Number(meta.total_compressed_size);
      if (!(start >= 4 && bytes >= 0 && start + bytes <= end)) {
        refuse(`column ${path} at bytes ${start} to ${start + bytes} of ${end}`);
      }
      const values = Number(meta.num_values);
      const isFlat = meta.path_in_schema.length === 1;
      if (
        !(values >= rows && values <= MOST_VALUES) ||
        (isFlat && values !== rows && !isRepeated(metadata, path))
      ) {
        refuse(`column ${path} of ${values} values in a row group of ${rows} rows`);
      }
    }
  }
  return groups;
}

function isRepeated({ schema }: FileMetaData, name: string): boolean {
  return schema.some((element) => element.name === name && element.repetition_type === "REPEATED");
}

/**
 * Checks the pages of a chunk before the reader sees them: it takes sizes and counts at their word, and a wrong one
 * could make it fill the memory.
 */
export function requirePages(chunk: Chunk, compressors: Compressors): void {
  const { bytes, values, path } = chunk;
  const reader = { view: new DataView(bytes), offset: 0 };
  let seen = 0;
  while (seen < values) {
    const at = reader.offset;
    const header = parquetHeader(reader);
    const { type, compressed_page_size: packed, uncompressed_page_size: unpacked } = header;
    const count = (header.data_page_header ?? header.data_page_header_v2 ?? header.dictionary_page_header)
      ?.num_values;
    const fits =
      packed >= 0 && packed <= bytes.byteLength - reader.offset && unpacked >= 0 && unpacked <= LARGEST_PAGE;
    const isData = type === "DATA_PAGE" || type === "DATA_PAGE_V2";
    const most = isData ? values - seen : unpacked;
    if (!fits || count === undefined || !(count >= 0 && count <= most) || !isSound(header)) {
      throw new Error(`a page of ${count} values in ${packed} bytes at byte ${at} of column ${path}`);
    }
    const stored = new Uint8Array(bytes, reader.offset, packed);
    if (header.crc !== undefined && header.crc >>> 0 !== crc32(stored)) {
      throw new Error(`a page with a wrong checksum at byte ${at} of column ${path}`);
    }
    requireRuns(chunk, header, stored, compressors);
    reader.offset += packed;
    if (isData) seen += count;
  }
}

/** Whether the parts of a page of the second version fit into it; the first version has no such parts. */
function isSound({ compressed_page_size: packed, data_page_header_v2: page }: PageHeader): boolean {
  if (page === undefined) return true;
  const { num_values, num_nulls, num_rows } = page;
  const repetition = page.repetition_levels_byte_length;
  const definition = page.definition_levels_byte_length;
  const inside = [num_nulls, num_rows].every((count) => count >= 0 && count <= num_values);
  return inside && repetition >= 0 && definition >= 0 && repetition + definition <= packed;
}
