import type { Files } from "./files.ts";

/**
 * A folder on disk as a place to read a checkpoint from. Node.js only.
 *
 * @param path - The folder; nothing is opened yet.
 * @returns Its files, read in ranges: a file is never held whole unless asked for whole.
 * @throws {RangeError} (from `read`) If a file is shorter than the range asked for.
 */
export function folder(path: string): Files {
  return {
    place: path,
    async read(name, start = 0, end) {
      const { open, join } = await node();
      const file = await open(join(path, name), "r");
      try {
        const stop = end ?? (await file.stat()).size;
        const bytes = new Uint8Array(stop - start);
        let filled = 0;
        while (filled < bytes.length) {
          // one call reads at most 2 GiB
          const length = Math.min(bytes.length - filled, 2 ** 30);
          const { bytesRead } = await file.read(bytes, filled, length, start + filled);
          if (bytesRead === 0) {
            throw new RangeError(
              `folder: "${join(path, name)}" must have ${stop} bytes, got ${start + filled}: was it cut off while being read?`,
            );
          }
          filled += bytesRead;
        }
        return bytes;
      } finally {
        await file.close();
      }
    },
    async size(name) {
      const { stat, join } = await node();
      try {
        const found = await stat(join(path, name));
        return found.isFile() ? found.size : undefined;
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
  };
}

/** Loaded when a folder is read, so that a browser can load this module. */
async function node() {
  const [{ open, stat }, { join }] = await Promise.all([import("node:fs/promises"), import("node:path")]);
  return { open, stat, join };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
