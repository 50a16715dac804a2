import { type KernelSpace, openKernels } from "@colm/array";
import { binary } from "./binary.ts";

/** A function of `assembly/`, which says what its arguments are. Pointers are byte offsets into the space's memory. */
export type BlockKernel = (
  z: number,
  zRow: number,
  m: number,
  v: number,
  width: number,
  weights: number,
  q: number,
  rows: number,
  count: number,
  tile: number,
  out: number,
) => void;

/** The compiled functions. */
export interface Kernels {
  readonly normalizedScores: BlockKernel;
  readonly normalizedRows: BlockKernel;
  readonly gradientSums: BlockKernel;
  addNormalized(
    g: number,
    gRow: number,
    m: number,
    v: number,
    width: number,
    count: number,
    sums: number,
  ): void;
}

/** Kernels and the memory that they work on. */
export interface Workspace {
  readonly kernels: Kernels;
  readonly buffer: ArrayBuffer;
}

/** A memory up to this size is kept for the next call; a larger one is left to the collector. */
const KEPT_BYTES = 2 ** 20;

let kept: { space: KernelSpace; kernels: Kernels } | undefined;

/**
 * A workspace of at least `bytes`, whose contents are anybody's as soon as the caller returns; undefined where the platform
 * cannot run the kernels.
 */
export function openWorkspace(bytes: number): Workspace | undefined {
  kept ??= open();
  const opened = bytes <= KEPT_BYTES ? kept : open();
  if (opened === undefined) return undefined;
  opened.space.reserve(bytes);
  return { kernels: opened.kernels, buffer: opened.space.buffer };
}

function open(): { space: KernelSpace; kernels: Kernels } | undefined {
  const space = openKernels(binary);
  if (space === undefined) return undefined;
  const { exports } = space;
  requireKernels(exports);
  return { space, kernels: exports };
}

function requireKernels(value: unknown): asserts value is Kernels {
  if (
    typeof value !== "object" ||
    value === null ||
    !("normalizedScores" in value && "addNormalized" in value)
  ) {
    throw new TypeError("the WebAssembly kernels of @colm/adam-normalize are incomplete: build them again");
  }
}
