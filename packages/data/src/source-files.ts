import { describe } from "@colm/array";
import type { ByteSource } from "./byte-source.ts";
import { type DataFormat, formatOfName, isPacked } from "./data-format.ts";
import { parseHubAddress } from "./hub-address.ts";
import type { HubOptions, SourceFile } from "./hub-files.ts";
import { type Line, readLines } from "./read-lines.ts";

/** What is needed to find and open files. */
export interface FileOptions {
  readonly format?: DataFormat | undefined;
  readonly hub?: HubOptions | undefined;
}

/** Checks an address without looking anything up. */
export function requireAddress(source: string | URL): void {
  const address = `${source}`;
  if (address.startsWith("hf:")) {
    parseHubAddress(address);
    return;
  }
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(address);
  if (scheme === null || scheme[1] === "file") return;
  throw new RangeError(
    `readRows: "source" must be a path, a file: URL or hf://datasets/owner/name, got ${describe(address)}`,
  );
}

/** The files that an address stands for: one of this machine, or those of a data set on the Hub. */
export async function sourceFiles(source: string | URL, options: FileOptions): Promise<SourceFile[]> {
  const name = `${source}`;
  if (name.startsWith("hf:")) {
    const { hubFiles } = await import("./hub-files.ts");
    return hubFiles(name, options.hub ?? {}, options.format);
  }
  const { localFile } = await import("./local-file.ts");
  return [{ name, open: () => localFile(source) }];
}

/** The format of a file: the one that was asked for, else what its name says, else JSON Lines. */
export function formatOf(name: string, options: FileOptions): DataFormat {
  return options.format ?? formatOfName(name) ?? "jsonl";
}

/** The lines of a text file, unpacked where its name ends with `.gz`. */
export function linesOf(file: ByteSource): AsyncGenerator<Line> {
  return readLines(contentOf(file), file.name);
}

/** The bytes of a file, unpacked where its name ends with `.gz`. */
export async function* contentOf(file: ByteSource): AsyncGenerator<Uint8Array> {
  if (!isPacked(file.name)) yield* file.stream();
  else {
    const { unpack } = await import("./unpack.ts");
    yield* unpack(file.stream());
  }
}
