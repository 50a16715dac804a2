import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** A line without its end, and its number from 1. */
export interface Line {
  readonly text: string;
  readonly number: number;
}

/** The lines of a UTF-8 file, read in pieces; `.gz` is unpacked on the way. The only file that needs Node. */
export async function* readLines(file: string | URL): AsyncGenerator<Line> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let number = 1;
  let pending = "";
  try {
    for await (const bytes of open(file)) {
      const parts = (pending + decoder.decode(bytes, { stream: true })).split("\n");
      pending = parts.pop() ?? "";
      for (const text of parts) yield { text, number: number++ };
    }
    pending += decoder.decode();
  } catch (cause) {
    throw refusal(cause, file, number);
  }
  if (pending !== "") yield { text: pending, number };
}

async function* open(file: string | URL): AsyncGenerator<Uint8Array> {
  const path = `${file}`.startsWith("file:") ? new URL(file) : file;
  const bytes: Readable = createReadStream(path);
  try {
    yield* `${file}`.endsWith(".gz") ? unpack(bytes) : bytes;
  } finally {
    bytes.destroy();
  }
}

function unpack(bytes: Readable): Readable {
  const unpacked = createGunzip();
  bytes.on("error", (error) => unpacked.destroy(error));
  return bytes.pipe(unpacked);
}

function refusal(cause: unknown, file: string | URL, number: number): unknown {
  const code = cause instanceof Error && "code" in cause ? `${cause.code}` : "";
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") {
    return new RangeError(`readRows: "source" must be UTF-8, got other bytes after ${file}:${number}`, {
      cause,
    });
  }
  if (code === "") return cause;
  return new RangeError(`readRows: "source" must be a readable file, got ${code} at ${file}`, { cause });
}
