import { type KernelPool, type KernelWorkspace, kernelPool } from "@colm/array";
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
export type Workspace = KernelWorkspace<Kernels>;

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

function openPool(): KernelPool<Kernels> {
  pool ??= kernelPool(binary, areKernels);
  return pool;
}

function areKernels(value: unknown): value is Kernels {
  return typeof value === "object" && value !== null && "grow" in value && "pairs" in value;
}
