import { SERIES } from "../box-muller.ts";
import { MULTIPLIERS } from "../philox.ts";
import { binary } from "./binary.ts";
import { type KernelSpace, openKernels } from "./kernel-space.ts";

/** The compiled functions of `assembly/`. Pointers are byte offsets into their memory, of one page. */
interface Kernels {
  finite(at: number, bytes: number, single: number): number;
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

/** What is behind the constants: room to work in, of {@link ROOM} bytes. */
export const PLACE = 256;
/** Half of the first-level cache. */
export const ROOM = 16384;

/** The kernels and their memory. */
export interface OpenKernels {
  readonly buffer: ArrayBuffer;
  readonly kernels: Kernels;
}

let opened: OpenKernels | undefined;

/** The kernels, opened by the first call; undefined where the platform cannot. */
export function arrayKernels(): OpenKernels | undefined {
  opened ??= open();
  return opened;
}

function open(): OpenKernels | undefined {
  const space: KernelSpace | undefined = openKernels(binary);
  if (space === undefined) return undefined;
  const { exports, buffer } = space;
  requireKernels(exports);
  new Float64Array(buffer, 0, SERIES.length).set(SERIES);
  new Uint32Array(buffer, SERIES.byteLength, 2).set(MULTIPLIERS);
  return { buffer, kernels: exports };
}

function requireKernels(value: unknown): asserts value is Kernels {
  if (typeof value !== "object" || value === null || !("normals" in value && "finite" in value)) {
    throw new TypeError("the WebAssembly kernels of @colm/array are incomplete: build them again");
  }
}
