import { type Matrix, matrix, requireMatrix } from "@colm/array";
import { inputError } from "../input-error.ts";
import type { ByteReader } from "./byte-reader.ts";
import type { LabelledPool } from "./read-pool.ts";
import { sourcesOf } from "./sources.ts";

/*
 * A frame is the four bytes "COLM", a uint32 (little-endian) and so many bytes of JSON (UTF-8). In a request the JSON is
 * { n, d, dtype, sources? }, and n * d numbers follow it: little-endian, row-major. The answer has nothing after its JSON.
 */
const MAGIC = "COLM";

/** A header names at most a source for each row; what is longer is no frame. */
const LONGEST_HEADER = 2 ** 26;

const FIELDS = ["n", "d", "dtype", "sources"];

interface RequestHeader {
  readonly n: number;
  readonly d: number;
  readonly width: 4 | 8;
  readonly sources: unknown;
}

/**
 * Reads the next request.
 *
 * @param reader - The stream.
 * @param number - Which request of the stream this is, from 1; for errors.
 * @returns The pool, or undefined where the stream has ended before a frame.
 * @throws {Error} If the stream ends within a frame or the frame lies. One line, for the user.
 */
export async function readRequest(reader: ByteReader, number: number): Promise<LabelledPool | undefined> {
  const refuse = (condition: string, got: string): Error =>
    inputError(`frame ${number} must ${condition}, got ${got}`);
  const take = async (count: number, what: string): Promise<Uint8Array<ArrayBuffer>> => {
    const bytes = await reader.take(count);
    if (bytes.length === count) return bytes;
    throw refuse("be whole", `${bytes.length} of the ${count} bytes of its ${what}`);
  };
  const magic = await reader.take(4);
  if (magic.length === 0) return undefined;
  if (new TextDecoder("latin1").decode(magic) !== MAGIC) {
    throw refuse(
      `begin with "${MAGIC}"`,
      [...magic].map((byte) => byte.toString(16).padStart(2, "0")).join(" "),
    );
  }
  const size = await take(4, "header length");
  const length = new DataView(size.buffer).getUint32(0, true);
  if (length > LONGEST_HEADER) throw refuse(`have a header of at most ${LONGEST_HEADER} bytes`, `${length}`);
  const { n, d, width, sources } = parseHeader(await take(length, "header"), refuse);
  const { buffer } = await take(n * d * width, "rows");
  const features = matrix(width === 4 ? new Float32Array(buffer) : new Float64Array(buffer), n, d);
  requireFinite(features, number);
  return {
    features,
    sources: sources === undefined ? undefined : sourcesOf(`"sources" of frame ${number}`, sources, n),
  };
}

/** A value as a frame without rows. */
export function encodeFrame(value: unknown): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(value));
  const frame = new Uint8Array(8 + json.length);
  frame.set(new TextEncoder().encode(MAGIC));
  new DataView(frame.buffer).setUint32(4, json.length, true);
  frame.set(json, 8);
  return frame;
}

function parseHeader(bytes: Uint8Array, refuse: (condition: string, got: string) => Error): RequestHeader {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw refuse("have a header of JSON", "something else");
  }
  if (typeof header !== "object" || header === null || Array.isArray(header)) {
    throw refuse("have a JSON object as header", "something else");
  }
  const unknown = Object.keys(header).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) throw refuse("have the fields n, d, dtype and sources alone", `"${unknown}"`);
  const { n, d, dtype, sources }: Readonly<Record<string, unknown>> = { ...header };
  if (typeof n !== "number" || !Number.isSafeInteger(n) || n < 1) {
    throw refuse('have an "n" of at least 1', `${JSON.stringify(n)}`);
  }
  if (typeof d !== "number" || !Number.isSafeInteger(d) || d < 1) {
    throw refuse('have a "d" of at least 1', `${JSON.stringify(d)}`);
  }
  if (dtype !== "float32" && dtype !== "float64") {
    throw refuse('have a "dtype" of "float32" or "float64"', `${JSON.stringify(dtype)}`);
  }
  const width = dtype === "float32" ? 4 : 8;
  if (n * d * width > 2 ** 32) throw refuse("have rows of at most 4294967296 bytes", `${n * d * width}`);
  return { n, d, width, sources };
}

function requireFinite(features: Matrix, number: number): void {
  requireMatrix("select", `rows of frame ${number}`, features);
}
