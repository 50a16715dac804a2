import type { FileHandle } from "node:fs/promises";
import { reason } from "./json-fields.ts";

/** The bytes of a file in pieces, all there or made one at a time. */
export type Pieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * Writes files into a folder, all or none: each under a temporary name first, flushed to the disk, and renamed only when all are
 * there. Node.js only.
 *
 * @param path - The folder; made, with its parents, where it is missing.
 * @param contents - Pieces of each file by name, written one after the other, each when it is there.
 * @throws What making a piece throws, with nothing written.
 * @throws {Error} If the folder cannot be written (a full disk, no permission): the message says which file and why, the temporary
 *   files are gone and files that stood there before are untouched.
 */
export async function writeFolder(path: string, contents: ReadonlyMap<string, Pieces>): Promise<void> {
  // loaded when something is written, so that a browser can load this module
  const { mkdir, open, rename, rm } = await import("node:fs/promises");
  const { join } = await import("node:path");
  const started: string[] = [];
  let current = path;
  try {
    await mkdir(path, { recursive: true });
    for (const [name, pieces] of contents) {
      current = join(path, name);
      const temporary = `${current}.partial`;
      const file = await open(temporary, "w");
      started.push(temporary);
      await writePieces(file, pieces);
    }
    for (const name of contents.keys()) {
      current = join(path, name);
      await rename(`${current}.partial`, current);
    }
  } catch (error) {
    for (const temporary of started) await rm(temporary, { force: true });
    // what the maker of the pieces refuses is no matter of the folder
    if (!(error instanceof Error && "code" in error)) throw error;
    throw new Error(`writeFolder: "${current}" must be writable, got ${reason(error)}`, { cause: error });
  }
}

async function writePieces(file: FileHandle, pieces: Pieces): Promise<void> {
  try {
    for await (const piece of pieces) await file.writeFile(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}
