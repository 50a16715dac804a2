import type { Compressors, PageHeader } from "hyparquet";
import type { Chunk } from "./parquet-layout.ts";

/**
 * Checks the runs in a page (`n` times the same level, or the same entry of the dictionary) against the number of its
 * values: the reader writes each run out as it stands, and a wrong one of two thousand million would fill the memory.
 */
export function requireRuns(
  chunk: Chunk,
  header: PageHeader,
  stored: Uint8Array,
  compressors: Compressors,
): void {
  const { repetition, definition } = chunk;
  const second = header.data_page_header_v2;
  const first = header.data_page_header;
  const page = second ?? first;
  if (page === undefined) return;
  const values = page.num_values;
  if (second !== undefined) {
    const start = second.repetition_levels_byte_length;
    const levels = start + second.definition_levels_byte_length;
    checkLevels(stored.subarray(0, start), repetition, values);
    checkLevels(stored.subarray(start, levels), definition, values);
    if (!page.encoding.endsWith("_DICTIONARY")) return;
    const rest = stored.subarray(levels);
    const length = header.uncompressed_page_size - levels;
    checkIndices(second.is_compressed === false ? rest : unpack(chunk, rest, length, compressors), values);
    return;
  }
  const isDictionary = page.encoding.endsWith("_DICTIONARY");
  if (repetition === 0 && definition === 0 && !isDictionary) return;
  let rest = unpack(chunk, stored, header.uncompressed_page_size, compressors);
  for (const most of [repetition, definition]) {
    if (most === 0) continue;
    const length = new DataView(rest.buffer, rest.byteOffset, rest.byteLength).getUint32(0, true);
    checkLevels(rest.subarray(4, 4 + length), most, values);
    rest = rest.subarray(4 + length);
  }
  if (isDictionary) checkIndices(rest, values);
}

function unpack({ codec }: Chunk, bytes: Uint8Array, length: number, compressors: Compressors): Uint8Array {
  if (codec === "UNCOMPRESSED") return bytes;
  const decompress = compressors[codec];
  if (decompress === undefined) throw new Error(`an unknown compression ${codec}`);
  return decompress(bytes, length);
}

/** Levels in `[0, most]`. */
function checkLevels(bytes: Uint8Array, most: number, values: number): void {
  if (most > 0) walk(bytes, 32 - Math.clz32(most), values);
}

/** Entries of a dictionary, with the bits of one in the first byte. */
function checkIndices(bytes: Uint8Array, values: number): void {
  const [width = 0] = bytes;
  if (width > 32) throw new Error(`entries of ${width} bits`);
  if (width > 0) walk(bytes.subarray(1), width, values);
}

/** The runs one after another: a head of seven bits a byte, its last bit the kind, the others the count. */
function walk(bytes: Uint8Array, width: number, values: number): void {
  let at = 0;
  let seen = 0;
  while (seen < values && at < bytes.length) {
    let head = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      head += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    const count = Math.floor(head / 2);
    const isPacked = head % 2 === 1;
    // packed values come by eight, of which the last may be too many; each takes its place in the file
    if (!isPacked && count > values - seen) throw new Error(`a run of ${count} among ${values} values`);
    at += isPacked ? count * width : Math.ceil(width / 8);
    seen += isPacked ? count * 8 : count;
  }
}
