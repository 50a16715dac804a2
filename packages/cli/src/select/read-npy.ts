import { inputError } from "../input-error.ts";
import { npyHeader } from "./npy-header.ts";

/** An array as it lies in a `.npy` file. */
export interface NpyArray {
  readonly shape: readonly number[];
  /** Whether the first index runs fastest. */
  readonly fortranOrder: boolean;
  readonly data: Float32Array | Float64Array | BigInt64Array | BigUint64Array | SmallIntegers;
}

type SmallIntegers = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array;

/** What can be read, by NumPy's name without the byte order. */
const TYPES: ReadonlyMap<string, { readonly width: number; view(buffer: ArrayBuffer): NpyArray["data"] }> =
  new Map([
    ["f4", { width: 4, view: (buffer: ArrayBuffer) => new Float32Array(buffer) }],
    ["f8", { width: 8, view: (buffer: ArrayBuffer) => new Float64Array(buffer) }],
    ["i1", { width: 1, view: (buffer: ArrayBuffer) => new Int8Array(buffer) }],
    ["u1", { width: 1, view: (buffer: ArrayBuffer) => new Uint8Array(buffer) }],
    ["i2", { width: 2, view: (buffer: ArrayBuffer) => new Int16Array(buffer) }],
    ["u2", { width: 2, view: (buffer: ArrayBuffer) => new Uint16Array(buffer) }],
    ["i4", { width: 4, view: (buffer: ArrayBuffer) => new Int32Array(buffer) }],
    ["u4", { width: 4, view: (buffer: ArrayBuffer) => new Uint32Array(buffer) }],
    ["i8", { width: 8, view: (buffer: ArrayBuffer) => new BigInt64Array(buffer) }],
    ["u8", { width: 8, view: (buffer: ArrayBuffer) => new BigUint64Array(buffer) }],
  ]);

/**
 * Reads a `.npy` file: little-endian float32, float64 or integers.
 *
 * @param file - How errors call the file.
 * @param bytes - The whole file; only read.
 * @returns Shape, order and a copy of the entries, as they lie in the file.
 * @throws {Error} If the header lies: not as {@link npyHeader} wants it, another type, big-endian, or a shape that does not take
 *   exactly the bytes that are there. One line, for the user.
 */
export function readNpy(file: string, bytes: Uint8Array): NpyArray {
  const { descr, fortranOrder, shape, start } = npyHeader(file, bytes);
  const type = TYPES.get(descr.slice(1));
  const isLittle = descr[0] === "<" || (descr[0] === "|" && type?.width === 1);
  if (type === undefined || !isLittle) {
    throw inputError(
      `"${file}" must hold little-endian float32, float64 or integers (array.astype("<f4") makes them), got "${descr}"`,
    );
  }
  const there = bytes.length - start;
  const wanted = shape.reduce((product, size) => product * size, type.width);
  if (wanted !== there) {
    throw inputError(
      `"${file}" must have the ${wanted} bytes that ${descr} (${shape.join(", ")}) takes, got ${there}`,
    );
  }
  const copy = new Uint8Array(there);
  copy.set(bytes.subarray(start));
  return { shape, fortranOrder, data: type.view(copy.buffer) };
}
