/**
 * Where a checkpoint is read from: files by name, whole or in ranges. A folder on disk is one (`folder`), and so are
 * the files that a visitor hands to a web page (`heldFiles`).
 */
export interface Files {
  /** How errors call the place, for example the folder's path. */
  readonly place?: string;
  /**
   * Bytes `[start, end)` of a file, the whole file by default. Fresh, or to be treated as read-only.
   * Rejects where the file is not there or too short.
   */
  read(name: string, start?: number, end?: number): Promise<Uint8Array>;
  /** Bytes in the file, or undefined where there is no such file. */
  size(name: string): Promise<number | undefined>;
}

/**
 * Files that are held in memory or by the browser, as a place to read a checkpoint from.
 *
 * @param held - Contents by name: bytes, or a `Blob` (every `File` of a browser is one), which is read only in the ranges asked for.
 *   Kept, never modified.
 * @returns The place.
 * @example
 * const files = heldFiles(new Map([["config.json", new TextEncoder().encode("{}")]]));
 * await files.size("config.json"); // => 2
 */
export function heldFiles(held: ReadonlyMap<string, Uint8Array | Blob>): Files {
  return {
    async read(name, start = 0, end) {
      const content = held.get(name);
      if (content === undefined) throw new RangeError(`heldFiles: "name" must be a held file, got "${name}"`);
      if (content instanceof Uint8Array) return content.subarray(start, end);
      return new Uint8Array(await content.slice(start, end).arrayBuffer());
    },
    async size(name) {
      const content = held.get(name);
      return content instanceof Uint8Array ? content.byteLength : content?.size;
    },
  };
}

/** How an error calls a file: its name below the place it was looked for in. */
export function locate(files: Files, name: string): string {
  return files.place === undefined ? name : `${files.place.replace(/\/+$/, "")}/${name}`;
}
