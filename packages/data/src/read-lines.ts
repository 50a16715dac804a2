/** A line without its end, its number from 1, and where in the file it begins. */
export interface Line {
  readonly bytes: Uint8Array;
  readonly number: number;
  readonly start: number;
}

/** Bytes that one row may have in a text file: what is longer is no file of rows, and would fill the memory. */
export const LONGEST_ROW: number = 2 ** 28;

const NEWLINE = 10;

/** Cuts bytes into lines; no more than the line in hand and the piece it stands in are held. */
export async function* readLines(
  pieces: AsyncIterable<Uint8Array>,
  name: string,
  longest: number = LONGEST_ROW,
): AsyncGenerator<Line> {
  let number = 1;
  let start = 0;
  let pending: Uint8Array[] = [];
  let length = 0;
  const finish = (rest: Uint8Array): Line => {
    const line = { bytes: joined([...pending, rest]), number, start };
    start += line.bytes.length + 1;
    number++;
    pending = [];
    length = 0;
    return line;
  };
  try {
    for await (const piece of pieces) {
      let from = 0;
      for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, from)) {
        yield finish(piece.subarray(from, end));
        from = end + 1;
      }
      if (from < piece.length) pending.push(piece.subarray(from));
      length += piece.length - from;
      if (length > longest) {
        throw new RangeError(
          `readRows: "source" must hold lines of at most ${longest} bytes, got a longer one at ${name}:${number}`,
        );
      }
    }
  } catch (cause) {
    throw packedError(cause, `${name}:${number}`);
  }
  if (length > 0) yield finish(new Uint8Array(0));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let filled = 0;
  for (const part of parts) {
    whole.set(part, filled);
    filled += part.length;
  }
  return whole;
}

/** Errors of the unpacker, with the place that it had reached; others as they are. */
function packedError(cause: unknown, position: string): unknown {
  const code = cause instanceof Error && "code" in cause ? `${cause.code}` : "";
  if (!code.startsWith("Z_")) return cause;
  const [wanted, got] =
    code === "Z_BUF_ERROR" ? ["a whole gzip file", "one that ends early"] : ["a sound gzip file", code];
  return new RangeError(`readRows: "source" must be ${wanted}, got ${got} at ${position}`, { cause });
}
