import { describe } from "@colm/array";
import { dtypeBytes } from "./dtype.ts";
import { duplicateKey } from "./duplicate-key.ts";
import { isJsonObject, type JsonObject, reason } from "./json-fields.ts";

/** Where a tensor stands in its file. */
export interface TensorEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** First byte, counted from the start of the file. */
  readonly start: number;
  /** One past the last byte. */
  readonly end: number;
}

/** What a safetensors file says of itself. */
export interface SafetensorsHeader {
  readonly metadata: ReadonlyMap<string, string>;
  readonly entries: ReadonlyMap<string, TensorEntry>;
}

/** The reference implementation reads no larger header either. */
export const maximumHeaderBytes: number = 100_000_000;

/** The header's length from the first 8 bytes, checked against the size of the file. */
export function headerLength(caller: string, file: string, prefix: Uint8Array, fileBytes: number): number {
  if (fileBytes < 8) throw broken(caller, file, "have at least 8 bytes", `${fileBytes}`);
  const length = Number(new DataView(prefix.buffer, prefix.byteOffset, 8).getBigUint64(0, true));
  if (length > fileBytes - 8) {
    const got = `a header of ${length} bytes in a file of ${fileBytes}: the file is cut off or not a safetensors file`;
    throw broken(caller, file, "contain its own header", got);
  }
  if (length > maximumHeaderBytes) {
    throw broken(caller, file, `have a header of at most ${maximumHeaderBytes} bytes`, `${length}`);
  }
  return length;
}

/**
 * A safetensors header, every claim of it checked: names distinct, types known, sizes as the shapes say, and the tensors tile the
 * file without holes or overlaps.
 *
 * @param caller - Name of the public function that reads.
 * @param file - How errors call the file.
 * @param bytes - The header alone.
 * @param fileBytes - Size of the whole file.
 */
export function parseHeader(
  caller: string,
  file: string,
  bytes: Uint8Array,
  fileBytes: number,
): SafetensorsHeader {
  const header = parseObject(caller, file, bytes);
  const dataStart = 8 + bytes.length;
  const metadata = new Map<string, string>();
  const entries = new Map<string, TensorEntry>();
  for (const [name, value] of Object.entries(header)) {
    if (!isJsonObject(value))
      throw broken(caller, file, "describe a tensor", `${describe(value)} at "${name}"`);
    if (name !== "__metadata__") entries.set(name, parseEntry(caller, file, name, value, dataStart));
    else
      for (const [key, text] of Object.entries(value))
        metadata.set(key, metadataText(caller, file, key, text));
  }
  requireTiling(caller, file, entries, dataStart, fileBytes);
  return { metadata, entries };
}

function parseObject(caller: string, file: string, bytes: Uint8Array): JsonObject {
  let value: unknown;
  let text = "";
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    value = JSON.parse(text);
  } catch (error) {
    throw broken(caller, file, "have a header in JSON", reason(error));
  }
  if (!isJsonObject(value)) throw broken(caller, file, "have a JSON object as header", describe(value));
  const twice = duplicateKey(text);
  if (twice !== undefined) throw broken(caller, file, "have distinct names", `"${twice}" twice`);
  return value;
}

function metadataText(caller: string, file: string, key: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw broken(caller, file, "have metadata of text", `${describe(value)} at "${key}"`);
}

function parseEntry(
  caller: string,
  file: string,
  name: string,
  value: JsonObject,
  dataStart: number,
): TensorEntry {
  const { dtype, shape, data_offsets: offsets } = value;
  const width = typeof dtype === "string" ? dtypeBytes.get(dtype) : undefined;
  if (typeof dtype !== "string" || width === undefined) {
    const known = [...dtypeBytes.keys()].join(", ");
    throw broken(caller, file, `hold types of ${known}`, `${describe(dtype)} at "${name}"`);
  }
  if (!isNaturals(shape))
    throw broken(caller, file, "have shapes of natural numbers", `${describe(shape)} at "${name}"`);
  if (!isNaturals(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    const got = Array.isArray(offsets) ? `[${offsets.map(String).join(", ")}]` : describe(offsets);
    throw broken(caller, file, "have two ascending offsets for each tensor", `${got} at "${name}"`);
  }
  const [start, end] = offsets;
  const wanted = shape.reduce((product, size) => product * size, width);
  if (wanted !== end - start) {
    const what = `${end - start} bytes for ${dtype} [${shape.join(", ")}], which takes ${wanted},`;
    throw broken(caller, file, "have the bytes that its shapes take", `${what} at "${name}"`);
  }
  return { dtype, shape, start: dataStart + start, end: dataStart + end };
}

function isNaturals(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((entry) => Number.isSafeInteger(entry) && entry >= 0);
}

function requireTiling(
  caller: string,
  file: string,
  entries: ReadonlyMap<string, TensorEntry>,
  dataStart: number,
  fileBytes: number,
): void {
  const order = [...entries].sort(([, a], [, b]) => a.start - b.start || a.end - b.end);
  let reached = dataStart;
  for (const [name, { start, end }] of order) {
    const range = `bytes ${start} to ${end} in a file of ${fileBytes} at "${name}"`;
    if (end > fileBytes) throw broken(caller, file, "contain its tensors", range);
    if (start < reached) throw broken(caller, file, "hold tensors that do not overlap", range);
    if (start > reached) throw broken(caller, file, "hold tensors without holes between them", range);
    reached = end;
  }
  if (reached !== fileBytes) {
    throw broken(caller, file, "end with its last tensor", `${fileBytes - reached} bytes more`);
  }
}

function broken(caller: string, file: string, condition: string, got: string): RangeError {
  return new RangeError(`${caller}: "${file}" must ${condition}, got ${got}`);
}
