import type { ByteSource } from "./byte-source.ts";
import { LONGEST_ROW } from "./read-lines.ts";
import { contentOf } from "./source-files.ts";

/** A text file as a whole: it is one row. */
export async function textOf(file: ByteSource): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  for await (const piece of contentOf(file)) {
    text += decode(decoder, piece, file.name);
    if (text.length > LONGEST_ROW) {
      throw new RangeError(
        `readRows: "source" must be a text of at most ${LONGEST_ROW} letters, got a longer one at ${file.name}`,
      );
    }
  }
  return text + decode(decoder, undefined, file.name);
}

function decode(
  decoder: InstanceType<typeof TextDecoder>,
  piece: Uint8Array | undefined,
  name: string,
): string {
  try {
    return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
  } catch (cause) {
    throw new RangeError(`readRows: "source" must be UTF-8, got other bytes at ${name}`, { cause });
  }
}
