import { arrayKernels, PLACE, ROOM } from "./kernels.ts";

/** Whether `data[first..last]` holds finite numbers alone; undefined where the platform has no SIMD. */
export function simdFinite(
  data: Float32Array | Float64Array,
  first: number,
  last: number,
): boolean | undefined {
  const opened = arrayKernels();
  if (opened === undefined) return undefined;
  const { buffer, kernels } = opened;
  const single = data instanceof Float32Array;
  const chunk = ROOM / data.BYTES_PER_ELEMENT;
  const room = single ? new Float32Array(buffer, PLACE, chunk) : new Float64Array(buffer, PLACE, chunk);
  for (let at = first; at <= last; at += chunk) {
    const part = data.subarray(at, Math.min(at + chunk, last + 1));
    room.set(part);
    // zeros up to the end of a register
    room.fill(0, part.length, part.length + 3);
    const bytes = Math.ceil(part.byteLength / 16) * 16;
    if (kernels.finite(PLACE, bytes, single ? 1 : 0) === 0) return false;
  }
  return true;
}
