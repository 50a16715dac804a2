/** Bytes of one entry of each safetensors type that can be read. */
export const dtypeBytes: ReadonlyMap<string, number> = new Map([
  ["F64", 8],
  ["F32", 4],
  ["F16", 2],
  ["BF16", 2],
  ["I64", 8],
  ["I32", 4],
  ["I16", 2],
  ["I8", 1],
  ["U64", 8],
  ["U32", 4],
  ["U16", 2],
  ["U8", 1],
  ["BOOL", 1],
]);

/**
 * The entries of a tensor as float32.
 *
 * @param dtype - A key of `dtypeBytes`.
 * @param bytes - The entries, little-endian.
 * @returns The entries; F32 bytes that are aligned are viewed, not copied.
 * @remarks Exact for F32, F16, BF16 and integers of at most 24 bits; F64 and larger integers are rounded to the nearest float32.
 */
export function toFloat32(dtype: string, bytes: Uint8Array): Float32Array {
  if (dtype === "F32") return new Float32Array(...aligned(bytes, 4));
  if (dtype === "F16") return halves(new Uint16Array(...aligned(bytes, 2)));
  if (dtype === "BF16") return truncated(new Uint16Array(...aligned(bytes, 2)));
  if (dtype === "F64") return Float32Array.from(new Float64Array(...aligned(bytes, 8)));
  if (dtype === "I64") return Float32Array.from(new BigInt64Array(...aligned(bytes, 8)), Number);
  if (dtype === "U64") return Float32Array.from(new BigUint64Array(...aligned(bytes, 8)), Number);
  if (dtype === "I32") return Float32Array.from(new Int32Array(...aligned(bytes, 4)));
  if (dtype === "U32") return Float32Array.from(new Uint32Array(...aligned(bytes, 4)));
  if (dtype === "I16") return Float32Array.from(new Int16Array(...aligned(bytes, 2)));
  if (dtype === "U16") return Float32Array.from(new Uint16Array(...aligned(bytes, 2)));
  if (dtype === "I8") return Float32Array.from(new Int8Array(...aligned(bytes, 1)));
  return Float32Array.from(bytes);
}

function aligned(
  bytes: Uint8Array,
  width: number,
): [buffer: ArrayBufferLike, offset: number, length: number] {
  const { buffer, byteOffset, byteLength } = byteOffsetFits(bytes, width) ? bytes : bytes.slice();
  return [buffer, byteOffset, byteLength / width];
}

function byteOffsetFits(bytes: Uint8Array, width: number): boolean {
  return bytes.byteOffset % width === 0;
}

/** bfloat16 is the upper half of a float32. */
function truncated(words: Uint16Array): Float32Array {
  const bits = new Uint32Array(words.length);
  for (let i = 0; i < words.length; i++) bits[i] = words[i] << 16;
  return new Float32Array(bits.buffer);
}

/** IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits. */
function halves(words: Uint16Array): Float32Array {
  const out = new Float32Array(words.length);
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    const exponent = (word >> 10) & 31;
    const fraction = word & 1023;
    let magnitude = (1024 + fraction) * 2 ** (exponent - 25);
    if (exponent === 0) magnitude = fraction * 2 ** -24;
    if (exponent === 31) magnitude = fraction === 0 ? Infinity : NaN;
    out[i] = word < 32768 ? magnitude : -magnitude;
  }
  return out;
}
