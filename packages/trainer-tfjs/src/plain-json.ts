import { describe } from "@colm/array";

/**
 * A plain state as JSON text, its typed arrays kept bit for bit.
 *
 * @param value - Objects, arrays, strings, booleans, null, finite numbers, `Float32Array`, `Float64Array` and
 * `Int32Array`, nested. Read, never modified.
 * @returns The text; `parsePlain` gives the same value back.
 * @throws {TypeError} If the value holds anything else.
 * @remarks A typed array is an object with one key that names its type, its little-endian bytes in base64.
 */
export function stringifyPlain(value: unknown): string {
  return JSON.stringify(encode(value), null, 1);
}

/**
 * The value of a text that `stringifyPlain` wrote.
 *
 * @param text - The text.
 * @returns The value, fresh.
 * @throws {SyntaxError} If the text is not JSON.
 * @throws {RangeError} If an array's bytes are not whole numbers.
 */
export function parsePlain(text: string): unknown {
  return decode(JSON.parse(text));
}

type TypedArray = Float32Array | Float64Array | Int32Array;

const kinds: ReadonlyMap<string, (bytes: ArrayBuffer) => TypedArray> = new Map([
  ["$float32", (bytes: ArrayBuffer): TypedArray => new Float32Array(bytes)],
  ["$float64", (bytes: ArrayBuffer): TypedArray => new Float64Array(bytes)],
  ["$int32", (bytes: ArrayBuffer): TypedArray => new Int32Array(bytes)],
]);

function kindOf(value: unknown): string | undefined {
  if (value instanceof Float32Array) return "$float32";
  if (value instanceof Float64Array) return "$float64";
  return value instanceof Int32Array ? "$int32" : undefined;
}

function encode(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    const kind = kindOf(value);
    if (kind === undefined)
      throw new TypeError(`stringifyPlain: "value" must be plain, got ${describe(value)}`);
    return { [kind]: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64") };
  }
  if (Array.isArray(value)) return value.map(encode);
  if (value !== null && typeof value === "object") {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) {
      return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, encode(entry)]));
    }
  }
  const simple = value === null || typeof value === "string" || typeof value === "boolean";
  if (simple || value === undefined || Number.isFinite(value)) return value;
  throw new TypeError(`stringifyPlain: "value" must be plain, got ${describe(value)}`);
}

function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (value === null || typeof value !== "object") return value;
  const entries: [string, unknown][] = Object.entries(value);
  const [key, text] = entries[0] ?? [];
  const make = key === undefined ? undefined : kinds.get(key);
  if (make !== undefined && typeof text === "string" && entries.length === 1) {
    const bytes = Buffer.from(text, "base64");
    const copy = new ArrayBuffer(bytes.length);
    new Uint8Array(copy).set(bytes);
    return make(copy);
  }
  return Object.fromEntries(entries.map(([name, entry]) => [name, decode(entry)]));
}
