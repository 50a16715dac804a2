/** The checksum of gzip and of Parquet pages: CRC-32 of IEEE 802.3, reflected polynomial 0xEDB88320. */
export function crc32(bytes: Uint8Array): number {
  const table = remainders();
  let crc = -1;
  for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 0xff];
  return ~crc >>> 0;
}

let known: Uint32Array | undefined;

function remainders(): Uint32Array {
  known ??= Uint32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
    return rest;
  });
  return known;
}
