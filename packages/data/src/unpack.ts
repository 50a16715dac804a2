import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** The content of gzip bytes, in pieces; errors come through as they are. */
export async function* unpack(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const bytes = Readable.from(packed);
  const unpacked = createGunzip();
  bytes.on("error", (error) => unpacked.destroy(error));
  try {
    yield* bytes.pipe(unpacked);
  } finally {
    bytes.destroy();
    unpacked.destroy();
  }
}
