/** The bytes of a `.npy` file with any dictionary, as NumPy writes it: padded to a multiple of 64. */
export function npyBytes(dictionary: string, data: ArrayBufferView, version = 1): Uint8Array {
  const prefix = version === 1 ? 10 : 12;
  const padding = 63 - ((prefix + dictionary.length) % 64);
  const text = Buffer.from(`${dictionary}${" ".repeat(padding)}\n`);
  const head = Buffer.alloc(prefix);
  head.set([0x93, ...Buffer.from("NUMPY"), version, 0]);
  if (version === 1) head.writeUInt16LE(text.length, 8);
  else head.writeUInt32LE(text.length, 8);
  return Buffer.concat([head, text, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]);
}

/** The dictionary that NumPy writes. */
export function npyDictionary(descr: string, shape: readonly number[], fortran = false): string {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  return `{'descr': '${descr}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': (${sizes}), }`;
}
