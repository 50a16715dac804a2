import type { Workspace } from "./workspace.ts";

/** Sees the rows of a square matrix pass through a workspace and tells afterwards whether it is symmetric. */
export interface Fingerprint {
  /** Looks at rows `[first, first + count)`, which stand in the workspace as its rows from `at` on. */
  look(at: number, first: number, count: number): void;
  /** Whether the sums over rows and over columns agree for all items, once every row was seen. */
  isSymmetric(): boolean;
}

/** Bytes that a fingerprint of `size` rows takes. */
export function fingerprintBytes(size: number): number {
  return 12 * size;
}

/** Keeps its sums at byte `place` of the workspace, a multiple of 4. */
export function fingerprint({ buffer, kernels }: Workspace, place: number, size: number): Fingerprint {
  const weights = new Int32Array(buffer, place, size);
  const byRow = new Int32Array(buffer, place + 4 * size, size);
  const byColumn = new Int32Array(buffer, place + 8 * size, size);
  for (let j = 0; j < size; j++) weights[j] = scatter(j) | 1;
  byColumn.fill(0);
  return {
    look(at, first, count) {
      kernels.fingerprint(4 * size * at, first, count, size, place, place + 4 * size, place + 8 * size);
    },
    isSymmetric: () => byRow.every((sum, i) => sum === byColumn[i]),
  };
}

/** The finaliser of MurmurHash3 (Appleby 2011): neighbouring numbers become unrelated ones. */
function scatter(j: number): number {
  let h = Math.imul(j + 1, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
