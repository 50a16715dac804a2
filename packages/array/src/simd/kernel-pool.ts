import { type KernelImports, type KernelSpace, openKernels } from "./kernel-space.ts";

/** A memory with kernels that work on it. */
export interface KernelWorkspace<Kernels> {
  readonly kernels: Kernels;
  /** The memory as it is now: growing it replaces the buffer and empties every view of the old one. */
  readonly buffer: ArrayBuffer;
}

/** Workspaces of one module, lent to one caller at a time. */
export interface KernelPool<Kernels> {
  /** Whether the kernels can run here. */
  usable(): boolean;
  /**
   * Runs `work` with a workspace of at least `bytes` that nobody else has meanwhile. Its contents are lost at the end,
   * unless the same `tenant` is the next to use it: then `kept` is true.
   *
   * @throws {Error} Where the kernels are not usable.
   */
  lend<T>(bytes: number, work: (space: KernelWorkspace<Kernels>, kept: boolean) => T, tenant?: object): T;
}

interface Owned<Kernels> extends KernelWorkspace<Kernels> {
  readonly space: KernelSpace;
  buffer: ArrayBuffer;
  /** Whose contents it holds. */
  tenant: object | undefined;
}

/** Idle workspaces up to this size are kept for the next call; larger ones are left to the collector. */
const KEPT_BYTES = 64 * 2 ** 20;
const KEPT_COUNT = 4;

/**
 * Keeps instances of an inlined WebAssembly module, each with a memory of its own, and lends them: calls may be nested,
 * and work that comes back to the memory it has just left finds its contents there.
 *
 * @param binary - The module, as `openKernels` takes it. Compiled by the first call that needs it.
 * @param areKernels - Whether what the module exports is what is expected of it.
 * @param imports - What the module calls, as `openKernels` takes it; one set for all instances.
 * @returns The pool. Up to four idle memories are kept, of 64 MiB at most each.
 * @throws {TypeError} From its methods, if `areKernels` says no.
 * @remarks Opening an instance takes about a millisecond for a module of some kB.
 * @example
 * const pool = kernelPool("", (exports): exports is object => exports !== null);
 * pool.usable(); // => false
 */
export function kernelPool<Kernels>(
  binary: string,
  areKernels: (exports: unknown) => exports is Kernels,
  imports: KernelImports = {},
): KernelPool<Kernels> {
  const idle: Owned<Kernels>[] = [];
  let usable: boolean | undefined;
  const open = (): Owned<Kernels> | undefined => {
    const space = openKernels(binary, imports);
    if (!space) return undefined;
    const kernels = space.exports;
    if (!areKernels(kernels)) throw new TypeError("incomplete WebAssembly kernels");
    return { space, kernels, tenant: undefined, buffer: space.buffer };
  };
  return {
    usable() {
      if (usable === undefined) {
        const first = open();
        usable = first !== undefined;
        if (first) idle.push(first);
      }
      return usable;
    },
    lend(bytes, work, tenant) {
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
    },
  };
}
