import type { DrawKey } from "../philox.ts";
import { arrayKernels, PLACE, ROOM } from "./kernels.ts";

/** Draws that are computed before they are copied out. */
const CHUNK = ROOM / 4;
/** Draws of four blocks, which are computed together. */
const STEP = 16;

/** Normals of the positions `start ..` of a key, the bits of `plainNormals`; false where the platform cannot. */
export function simdNormals(out: Float32Array, key: DrawKey, start: number): boolean {
  const opened = arrayKernels();
  if (opened === undefined) return false;
  const { buffer, kernels } = opened;
  const drawn = new Float32Array(buffer, PLACE, CHUNK);
  const { seedLow, seedHigh, stream, purpose } = key;
  let block = Math.floor(start / 4);
  for (let to = block * 4 - start; to < out.length; to += CHUNK, block += CHUNK / 4) {
    const wanted = Math.min(CHUNK, out.length - to);
    const high = Math.floor(block / 2 ** 32);
    const fours = Math.ceil(wanted / STEP);
    kernels.normals(PLACE, fours, seedLow, seedHigh, stream, purpose, block, high);
    out.set(drawn.subarray(Math.max(0, -to), wanted), Math.max(0, to));
  }
  return true;
}
