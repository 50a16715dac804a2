import { describe } from "@colm/array";
import type { NamedArray } from "./named-array.ts";

/**
 * Tensors as the bytes of a safetensors file, F32, sorted by name: the same tensors always give the same bytes.
 *
 * @param tensors - By name; every entry finite.
 * @param metadata - Free text for the header; `{ format: "pt" }` by default, which Hugging Face's loaders ask for.
 * @returns The file in pieces to be written one after the other: its header, then a view of each tensor's own memory, not copied.
 * @throws {TypeError} If `tensors` holds something other than float32 arrays with shapes.
 * @throws {RangeError} If a shape does not give its array's length, or an entry is not finite.
 * @remarks The format: https://github.com/huggingface/safetensors (README, "Format"). The header is padded with spaces to a multiple of 8
 *   bytes; for float32 tensors the bytes equal those of the reference writer.
 * @example
 * const [header, data] = encodeSafetensors(new Map([["w", { shape: [2], data: Float32Array.of(1, 2) }]]));
 * header.length % 8; // => 0
 * data.length; // => 8
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, NamedArray>,
  metadata: Readonly<Record<string, string>> = { format: "pt" },
): Uint8Array<ArrayBuffer>[] {
  const names = [...tensors.keys()].sort();
  const checked = new Map(names.map((name) => [name, requireTensor(name, tensors.get(name))]));
  const shapes = new Map([...checked].map(([name, { shape }]) => [name, shape]));
  return [encodeHeader(shapes, metadata), ...[...checked.values()].map(({ data }) => bytesOf(data))];
}

/**
 * The same file, one tensor at a time: each is read when its turn comes, and may be forgotten when the next is asked for.
 *
 * @param shapes - Of every tensor, by name.
 * @param read - Gives a tensor; its entries must be finite, and as many as its shape says.
 */
export async function* streamSafetensors(
  shapes: ReadonlyMap<string, readonly number[]>,
  read: (name: string) => Promise<NamedArray>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const sorted = new Map([...shapes].sort(([a], [b]) => (a < b ? -1 : 1)));
  yield encodeHeader(sorted, { format: "pt" });
  for (const [name, shape] of sorted) {
    const { data } = requireTensor(name, { ...(await read(name)), shape });
    yield bytesOf(data);
  }
}

/** The header of tensors that stand in the file in the order given. */
function encodeHeader(
  shapes: ReadonlyMap<string, readonly number[]>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const fields: string[] = [];
  if (Object.keys(metadata).length > 0) fields.push(`"__metadata__":${JSON.stringify(metadata)}`);
  let end = 0;
  for (const [name, shape] of shapes) {
    const start = end;
    end += shape.reduce((bytes, length) => bytes * length, 4);
    const entry = { dtype: "F32", shape, data_offsets: [start, end] };
    fields.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
  }
  const text = new TextEncoder().encode(`{${fields.join(",")}}`);
  const length = Math.ceil(text.length / 8) * 8;
  const header = new Uint8Array(8 + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(text, 8);
  return header;
}

function bytesOf(data: Float32Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = data;
  if (buffer instanceof ArrayBuffer) return new Uint8Array(buffer, byteOffset, byteLength);
  return Uint8Array.from(new Uint8Array(buffer, byteOffset, byteLength));
}

function requireTensor(name: string, tensor: NamedArray | undefined): NamedArray {
  const at = `at "${name}"`;
  if (!(tensor?.data instanceof Float32Array) || !Array.isArray(tensor.shape)) {
    throw new TypeError(
      `encodeSafetensors: "tensors" must hold float32 arrays with shapes, got ${describe(tensor)} ${at}`,
    );
  }
  if (name === "__metadata__") {
    throw new RangeError(`encodeSafetensors: "tensors" must not use the reserved name, got "__metadata__"`);
  }
  const { shape, data } = tensor;
  const size = shape.reduce((product, length) => product * length, 1);
  if (size !== data.length) {
    throw new RangeError(
      `encodeSafetensors: "tensors" must be as long as their shapes say, got ${data.length} entries for [${shape.join(", ")}] ${at}`,
    );
  }
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new RangeError(
      `encodeSafetensors: "tensors" must be finite, got ${data[wrong]} ${at}, entry ${wrong}`,
    );
  }
  return tensor;
}
