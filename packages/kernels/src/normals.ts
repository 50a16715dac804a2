import { type Matrix, matrix, requireNatural, requireOptions } from "@colm/array";
import type { Sums } from "./sums.ts";

/** Settings of `normals`. */
export interface NormalsOptions {
  /** Integer in `[0, 2^53)`. */
  readonly seed: number;
  /** The stream of row 0, an integer in `[0, 2^32)`, 0 when absent. */
  readonly stream?: number;
  /** The position of column 0, a natural number, 0 when absent. */
  readonly start?: number;
}

/** `normals` on one back end. */
export function createNormals(
  sums: Sums,
): (count: number, length: number, options: NormalsOptions) => Promise<Matrix> {
  return async (count, length, options) => {
    requireOptions("normals", options);
    const { seed, stream = 0, start = 0 } = options;
    requireNatural("normals", "count", count, 2 ** 20);
    requireNatural("normals", "length", length, 2 ** 31);
    requireNatural("normals", "seed", seed);
    requireNatural("normals", "stream", stream, 2 ** 32 - Math.max(1, count));
    requireNatural("normals", "start", start, Number.MAX_SAFE_INTEGER - length);
    return matrix(await sums.normals({ count, length, seed, stream, start }), count, length);
  };
}
