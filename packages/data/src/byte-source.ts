/** A file of known size that can be read from any place, wherever it lies. */
export interface ByteSource {
  /** How messages call it. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Bytes `start … end - 1`, all of them or an error. */
  read(start: number, end: number): Promise<ArrayBuffer>;
  /** All bytes in order, in pieces. */
  stream(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** What went wrong while `name` was read, in one line. */
export function unreadable(cause: unknown, name: string): Error {
  return new RangeError(`readRows: "source" must be a readable file, got ${reasonOf(cause)} at ${name}`, {
    cause,
  });
}

/** The code of an error of the system or the network, else the first line of its message. */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if ("code" in cause && typeof cause.code === "string") return cause.code;
  if ("statusCode" in cause && typeof cause.statusCode === "number") return `HTTP status ${cause.statusCode}`;
  if (cause.cause instanceof Error) return reasonOf(cause.cause);
  return cause.message.split("\n", 1)[0] ?? "";
}

/** Whether a part that was read has the length that it should have. */
export function requireWhole(name: string, wanted: number, got: number): void {
  if (got === wanted) return;
  throw new RangeError(
    `readRows: "source" must stay as it is while it is read, got ${got} of ${wanted} bytes at ${name}`,
  );
}
