import { SERIES } from "../box-muller.ts";
import { type DrawKey, MULTIPLIERS } from "../philox.ts";
import { binary } from "./binary.ts";
import { type KernelSpace, openKernels } from "./kernel-space.ts";

/** The compiled function of `assembly/`. Pointers are byte offsets into its memory. */
interface Kernels {
  normals(
    out: number,
    fours: number,
    seedLow: number,
    seedHigh: number,
    stream: number,
    purpose: number,
    firstLow: number,
    firstHigh: number,
  ): void;
}

/** Draws that are computed before they are copied out: half of the first-level cache. */
const CHUNK = 4096;
/** Draws of four blocks, which are computed together. */
const STEP = 16;

/** Where draws go: behind the constants. */
const DRAWN = 256;

let opened: { space: KernelSpace; kernels: Kernels } | undefined;

/** Normals of the positions `start ..` of a key, the bits of `plainNormals`; false where the platform cannot. */
export function simdNormals(out: Float32Array, key: DrawKey, start: number): boolean {
  opened ??= open();
  if (opened === undefined) return false;
  const { space, kernels } = opened;
  const drawn = new Float32Array(space.buffer, DRAWN, CHUNK);
  const { seedLow, seedHigh, stream, purpose } = key;
  let block = Math.floor(start / 4);
  for (let to = block * 4 - start; to < out.length; to += CHUNK, block += CHUNK / 4) {
    const wanted = Math.min(CHUNK, out.length - to);
    const high = Math.floor(block / 2 ** 32);
    const fours = Math.ceil(wanted / STEP);
    kernels.normals(DRAWN, fours, seedLow, seedHigh, stream, purpose, block, high);
    out.set(drawn.subarray(Math.max(0, -to), wanted), Math.max(0, to));
  }
  return true;
}

function open(): { space: KernelSpace; kernels: Kernels } | undefined {
  const space = openKernels(binary);
  if (space === undefined) return undefined;
  const { exports } = space;
  requireKernels(exports);
  new Float64Array(space.buffer, 0, SERIES.length).set(SERIES);
  new Uint32Array(space.buffer, SERIES.byteLength, 2).set(MULTIPLIERS);
  return { space, kernels: exports };
}

function requireKernels(value: unknown): asserts value is Kernels {
  if (typeof value !== "object" || value === null || !("normals" in value)) {
    throw new TypeError("the WebAssembly kernels of @colm/array are incomplete: build them again");
  }
}
