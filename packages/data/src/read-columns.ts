import { type ByteSource, requireWhole } from "./byte-source.ts";
import type { HubOptions } from "./hub-files.ts";
import { requireAddress, sourceFiles } from "./source-files.ts";

/** How {@link readColumns} finds files. */
export interface ReadColumnsOptions {
  /** How the Hugging Face Hub is reached. */
  readonly hub?: HubOptions | undefined;
}

/**
 * Reads columns of Parquet files whole, for tables that are no rows of text, such as features.
 *
 * @param source - A path, a `file:` URL or `hf://datasets/owner/name[/path][@revision]`, as of `readRows`; or the bytes of a file.
 * @param names - Columns, at least one; outermost ones, where columns are nested.
 * @returns The columns in the order of `names`, entries as they stand in the file: numbers, bigints, texts, lists, null.
 * @throws {RangeError} If a file cannot be read, is damaged or is no Parquet, or lacks a column; the message names the file.
 * @remarks Holds the columns and one row group.
 */
export async function readColumns(
  source: string | URL | Uint8Array,
  names: readonly string[],
  options: ReadColumnsOptions = {},
): Promise<Map<string, unknown[]>> {
  const columns = new Map<string, unknown[]>(names.map((name) => [name, []]));
  const { openParquet } = await import("./open-parquet.ts");
  for (const open of await filesOf(source, options)) {
    const file = await open();
    try {
      const table = await openParquet(file);
      const missing = names.find((name) => !table.columns.includes(name));
      if (missing !== undefined) {
        throw new RangeError(
          `readColumns: "names" must be columns of the file (${table.columns.join(", ")}), got "${missing}" in ${file.name}`,
        );
      }
      for (const group of table.groups.keys()) {
        const found = await table.readGroup(group, names);
        for (const [name, entries] of found) {
          const column = columns.get(name);
          // one by one: a spread of many arguments overflows the stack
          for (let i = 0; i < entries.length; i++) column?.push(entries[i]);
        }
      }
    } finally {
      await file.close();
    }
  }
  return columns;
}

async function filesOf(
  source: string | URL | Uint8Array,
  options: ReadColumnsOptions,
): Promise<(() => Promise<ByteSource>)[]> {
  if (source instanceof Uint8Array) return [async () => heldBytes(source)];
  requireAddress(source);
  return (await sourceFiles(source, { format: "parquet", hub: options.hub })).map(({ open }) => open);
}

/** Bytes in memory as a file. */
function heldBytes(bytes: Uint8Array): ByteSource {
  const name = "the bytes";
  return {
    name,
    size: bytes.length,
    async read(start, end) {
      const part = new Uint8Array(bytes.subarray(start, end));
      requireWhole(name, end - start, part.length);
      return part.buffer;
    },
    async *stream() {
      yield bytes;
    },
    async close() {},
  };
}
