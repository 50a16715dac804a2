import { type KernelSpace, openKernels } from "@colm/array";
import { binary } from "./binary.ts";

/** The compiled functions of `assembly/`. Pointers are byte offsets into the workspace's memory. */
export interface Kernels {
  addGains(rows: number, count: number, size: number, cover: number, gains: number): void;
  lower(list: number, count: number, size: number, gains: number, slack: number): void;
  grow(rows: number, points: number, size: number, turned: number, state: number, item: number): void;
  climb(
    rows: number,
    points: number,
    size: number,
    turned: number,
    state: number,
    most: number,
    high: number,
    least: number,
  ): number;
  fingerprint(
    rows: number,
    first: number,
    count: number,
    size: number,
    weights: number,
    byRow: number,
    byColumn: number,
  ): void;
  pairs(
    x: number,
    rows: number,
    cols: number,
    first: number,
    last: number,
    from: number,
    out: number,
    kind: number,
  ): void;
  scores(
    sums: number,
    sumsWidth: number,
    count: number,
    width: number,
    kind: number,
    own: number,
    others: number,
    out: number,
  ): number;
}

/** A memory with kernels that work on it. */
export interface Workspace {
  readonly kernels: Kernels;
  /** The memory as it is now: growing it replaces the buffer and empties every view of the old one. */
  readonly buffer: ArrayBuffer;
}

/** Idle workspaces up to this size are kept for the next call; larger ones are left to the collector. */
const KEPT_BYTES = 64 * 2 ** 20;
const KEPT_COUNT = 4;

interface OwnedWorkspace extends Workspace {
  readonly space: KernelSpace;
  buffer: ArrayBuffer;
  /** Whose contents it holds. */
  tenant: object | undefined;
}

const idle: OwnedWorkspace[] = [];
let usable: boolean | undefined;

/** Whether the kernels can run here. */
export function hasSimd(): boolean {
  if (usable === undefined) {
    const first = open();
    usable = first !== undefined;
    if (first) idle.push(first);
  }
  return usable;
}

/**
 * Runs `work` with a workspace of at least `bytes` that nobody else has meanwhile. Its contents are lost at the end,
 * unless the same `tenant` is the next to use it: then `kept` is true. Call it only where {@link hasSimd}.
 */
export function withWorkspace<T>(
  bytes: number,
  work: (space: Workspace, kept: boolean) => T,
  tenant?: object,
): T {
  // the last one left is the first one taken, so that a tenant that works alone finds its own
  const own = idle.pop() ?? open();
  if (!own) throw new Error("no WebAssembly SIMD here");
  const kept = tenant !== undefined && own.tenant === tenant;
  try {
    if (own.buffer.byteLength < bytes) {
      own.space.reserve(bytes);
      own.buffer = own.space.buffer;
    }
    own.tenant = tenant;
    return work(own, kept);
  } finally {
    if (own.buffer.byteLength <= KEPT_BYTES && idle.length < KEPT_COUNT) idle.push(own);
  }
}

function open(): OwnedWorkspace | undefined {
  const space = openKernels(binary);
  if (!space) return undefined;
  requireKernels(space.exports);
  return { space, kernels: space.exports, tenant: undefined, buffer: space.buffer };
}

function requireKernels(value: unknown): asserts value is Kernels {
  if (typeof value !== "object" || value === null || !("grow" in value && "pairs" in value)) {
    throw new TypeError("incomplete WebAssembly kernels");
  }
}
