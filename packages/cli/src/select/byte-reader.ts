/** Takes exact numbers of bytes from a stream of pieces of any size. */
export interface ByteReader {
  /**
   * The next `count` bytes in memory of their own; fewer where the stream ends before.
   *
   * @param count - A natural number. No more memory is taken than bytes arrive.
   */
  take(count: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Lets go of the stream; a program waits for one that it still listens to. */
  close(): Promise<void>;
}

/** A reader of `input`, which nobody else may read from then on. */
export function byteReader(input: AsyncIterable<Uint8Array>): ByteReader {
  const pieces = input[Symbol.asyncIterator]();
  let rest = new Uint8Array();
  return {
    async take(count) {
      const parts: Uint8Array[] = [];
      let missing = count;
      while (missing > 0) {
        if (rest.length === 0) {
          const { done, value } = await pieces.next();
          if (done) break;
          rest = Uint8Array.from(value);
        }
        const part = rest.subarray(0, missing);
        rest = rest.subarray(part.length);
        missing -= part.length;
        parts.push(part);
      }
      const bytes = new Uint8Array(count - missing);
      let filled = 0;
      for (const part of parts) {
        bytes.set(part, filled);
        filled += part.length;
      }
      return bytes;
    },
    async close() {
      await pieces.return?.();
    },
  };
}
