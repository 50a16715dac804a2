import { maskedCrc32c } from "./crc32c.ts";

/**
 * One record of a TFRecord file: length (uint64), its checksum, the data, their checksum; little-endian.
 *
 * @param data - At most 2^32 - 1 bytes. Read, not kept.
 * @remarks The format of `tensorflow/core/lib/io/record_writer.h`.
 */
export function tfRecord(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const record = new Uint8Array(data.length + 16);
  const view = new DataView(record.buffer);
  view.setUint32(0, data.length, true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return record;
}
