import { toFloat32 } from "./dtype.ts";
import { type Files, locate } from "./files.ts";
import type { NamedArray } from "./named-array.ts";
import { headerLength, parseHeader, type TensorEntry } from "./safetensors-header.ts";

/** Tensors that can be read one at a time. */
export interface OpenSafetensors {
  /** Free text of the file's header. */
  readonly metadata: ReadonlyMap<string, string>;
  /** Type, shape and place of every tensor, by name. */
  readonly entries: ReadonlyMap<string, TensorEntry>;
  /** Reads one tensor; the caller owns it. */
  read(name: string): Promise<NamedArray>;
}

/**
 * Opens a safetensors file: reads and checks its header alone.
 *
 * @param files - Where the file is; kept, for the reads to come.
 * @param name - The file's name.
 * @returns Its tensors, each read when asked for.
 * @throws {RangeError} If the file is missing, or if its header lies: longer than the file, no JSON, a name twice, an unknown
 *   type, a size that its shape does not give, tensors outside the file, overlapping, or with holes between them.
 * @remarks The format: https://github.com/huggingface/safetensors (README, "Format"); the checks are those of its reference reader. A
 *   tensor is read into one buffer of its own and F32 is not copied again, so that reading all of them takes the file's size once.
 */
export async function openSafetensors(files: Files, name: string): Promise<OpenSafetensors> {
  const caller = "openSafetensors";
  const file = locate(files, name);
  const fileBytes = await files.size(name);
  if (fileBytes === undefined) throw new RangeError(`${caller}: "${file}" must be a file, got no such file`);
  const prefix = fileBytes < 8 ? new Uint8Array(8) : await files.read(name, 0, 8);
  const length = headerLength(caller, file, prefix, fileBytes);
  const { metadata, entries } = parseHeader(caller, file, await files.read(name, 8, 8 + length), fileBytes);
  return {
    metadata,
    entries,
    async read(tensor) {
      const entry = entries.get(tensor);
      if (entry === undefined) {
        throw new RangeError(`${caller}: "name" must be a tensor of "${file}", got "${tensor}"`);
      }
      const bytes = await files.read(name, entry.start, entry.end);
      if (bytes.length !== entry.end - entry.start) {
        throw new RangeError(
          `${caller}: "${file}" must have ${fileBytes} bytes, got ${entry.start + bytes.length}: was it cut off while being read?`,
        );
      }
      return { shape: entry.shape, data: toFloat32(entry.dtype, bytes) };
    },
  };
}

/**
 * Reads every tensor of a safetensors file as float32.
 *
 * @param files - Where the file is.
 * @param name - The file's name.
 * @returns The tensors by name, in the order of the header; the caller owns them.
 * @throws {RangeError} As `openSafetensors`.
 * @remarks F64 and integers above 2^24 are rounded to the nearest float32; everything else is exact.
 * @example
 * const weights = new Map([["w", { shape: [2], data: Float32Array.of(1, 2) }]]);
 * const bytes = new Uint8Array(await new Blob(encodeSafetensors(weights)).arrayBuffer());
 * const read = await readSafetensors(heldFiles(new Map([["w.safetensors", bytes]])), "w.safetensors");
 * read.get("w")?.shape; // => [2]
 */
export async function readSafetensors(files: Files, name: string): Promise<Map<string, NamedArray>> {
  const open = await openSafetensors(files, name);
  const tensors = new Map<string, NamedArray>();
  for (const tensor of open.entries.keys()) tensors.set(tensor, await open.read(tensor));
  return tensors;
}
