import { createReadStream } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { type ByteSource, requireWhole, unreadable } from "./byte-source.ts";

/** A file of this machine. */
export async function localFile(file: string | URL): Promise<ByteSource> {
  const name = `${file}`;
  const path = name.startsWith("file:") ? new URL(file) : file;
  const status = await stat(path).catch((cause: unknown) => {
    throw unreadable(cause, name);
  });
  if (status.isDirectory()) {
    throw new RangeError(`readRows: "source" must be a readable file, got EISDIR at ${name}`);
  }
  let handle: Promise<FileHandle> | undefined;
  let isOpen = true;
  return {
    name,
    size: status.size,
    async read(start, end) {
      // a read that comes behind close() would open the file for good
      if (!isOpen) throw new Error(`readRows: "source" must be open, got a read of ${name} after close()`);
      handle ??= open(path);
      try {
        const bytes = new Uint8Array(end - start);
        let filled = 0;
        while (filled < bytes.length) {
          const { bytesRead } = await (await handle).read(
            bytes,
            filled,
            bytes.length - filled,
            start + filled,
          );
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        requireWhole(name, bytes.length, filled);
        return bytes.buffer;
      } catch (cause) {
        throw cause instanceof RangeError ? cause : unreadable(cause, name);
      }
    },
    async *stream() {
      const bytes = createReadStream(path, { highWaterMark: 2 ** 18 });
      try {
        yield* bytes;
      } catch (cause) {
        throw unreadable(cause, name);
      } finally {
        bytes.destroy();
      }
    },
    async close() {
      isOpen = false;
      await (await handle)?.close();
      handle = undefined;
    },
  };
}
