import { binary } from "./binary.ts";

/** The compiled functions of `assembly/`. Pointers are byte offsets into the workspace's memory. */
export interface Kernels {
  addGains(rows: number, count: number, size: number, cover: number, gains: number): void;
  raise(
    rows: number,
    index: number,
    count: number,
    size: number,
    olds: number,
    raised: number,
    gains: number,
  ): void;
  fingerprint(
    rows: number,
    first: number,
    count: number,
    size: number,
    weights: number,
    byRow: number,
    byColumn: number,
  ): void;
  absolute: PairKernel;
  square: PairKernel;
  product: PairKernel;
}

/** Sums over all pairs of rows `[first, last)` and `[from, rows)` of `x`. */
export type PairKernel = (
  x: number,
  rows: number,
  cols: number,
  first: number,
  last: number,
  from: number,
  out: number,
) => void;

/** A memory with kernels that work on it. */
export interface Workspace {
  readonly kernels: Kernels;
  /** The memory as it is now: growing it replaces the buffer and empties every view of the old one. */
  readonly buffer: ArrayBuffer;
}

/** What is used of the platform; pure packages know no platform's types. */
declare function atob(text: string): string;
declare const WebAssembly:
  | {
      Module: new (bytes: Uint8Array) => object;
      Memory: new (limits: {
        initial: number;
      }) => { readonly buffer: ArrayBuffer; grow(pages: number): number };
      Instance: new (module: object, imports: object) => { readonly exports: unknown };
      validate(bytes: Uint8Array): boolean;
    }
  | undefined;

const PAGE = 65536;
/** Idle workspaces up to this size are kept for the next call; larger ones are left to the collector. */
const KEPT_BYTES = 64 * 2 ** 20;
const KEPT_COUNT = 4;

interface OwnedWorkspace extends Workspace {
  /** Whose contents it holds. */
  tenant: object | undefined;
  grow(bytes: number): void;
}

const idle: OwnedWorkspace[] = [];
let compiled: object | undefined;

/** Whether the kernels can run here. */
export function hasSimd(): boolean {
  return compile() !== undefined;
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
  const space = idle.pop() ?? open(bytes);
  const kept = tenant !== undefined && space.tenant === tenant;
  try {
    space.grow(bytes);
    space.tenant = tenant;
    return work(space, kept);
  } finally {
    if (space.buffer.byteLength <= KEPT_BYTES && idle.length < KEPT_COUNT) idle.push(space);
  }
}

function open(bytes: number): OwnedWorkspace {
  const module = compile();
  if (typeof WebAssembly === "undefined" || module === undefined) {
    throw new Error("this platform has no WebAssembly SIMD");
  }
  const memory = new WebAssembly.Memory({ initial: Math.max(1, Math.ceil(bytes / PAGE)) });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  requireKernels(exports);
  return {
    kernels: exports,
    tenant: undefined,
    get buffer() {
      return memory.buffer;
    },
    grow(total) {
      const missing = total - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    },
  };
}

function compile(): object | undefined {
  if (compiled || typeof WebAssembly === "undefined") return compiled;
  const text = atob(binary);
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  if (WebAssembly.validate(bytes)) compiled = new WebAssembly.Module(bytes);
  return compiled;
}

function requireKernels(value: unknown): asserts value is Kernels {
  if (typeof value !== "object" || value === null || !("raise" in value && "absolute" in value)) {
    throw new TypeError("the WebAssembly kernels of @colm/submodular are incomplete: build them again");
  }
}
