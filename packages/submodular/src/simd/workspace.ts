import { type KernelPool, type KernelWorkspace, kernelPool } from "@colm/array";
import { binary } from "./binary.ts";

/** The compiled functions of `assembly/`. Pointers are byte offsets into the workspace's memory. */
export interface Kernels {
  start(state: number): void;
  grow(state: number, item: number): void;
  climb(state: number, most: number, high: number, least: number): number;
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

/** Brings similarities to the memory when the kernels of greedy want them. */
export interface Source {
  /** Writes `count` rows from `first` on to the place of row `place`. */
  rows(first: number, count: number, place: number): void;
  /** Writes the column of a candidate behind the cover. */
  column(item: number): void;
}

/** A memory with kernels that work on it. */
export type Workspace = KernelWorkspace<Kernels>;

/** Has nothing to bring: all similarities are there. */
export const nothing: Source = {
  rows() {},
  column() {},
};

let source = nothing;
const imports = {
  bringRows: (first: number, count: number, place: number): void => source.rows(first, count, place),
  bringColumn: (item: number): void => source.column(item),
};

let pool: KernelPool<Kernels> | undefined;

/** Whether the kernels can run here. */
export function hasSimd(): boolean {
  return openPool().usable();
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
  return openPool().lend(bytes, work, tenant);
}

/** Says whom the kernels ask that are called next. */
export function serveBy(own: Source): void {
  source = own;
}

function openPool(): KernelPool<Kernels> {
  pool ??= kernelPool(binary, areKernels, imports);
  return pool;
}

function areKernels(value: unknown): value is Kernels {
  return typeof value === "object" && value !== null && "climb" in value;
}
