import { type Matrix, matrix, requireFloat32, requireOptions } from "@colm/array";
import { columnsOf } from "./column-blocks.ts";
import { groupRows } from "./group-rows.ts";
import { gatherCoordinates, largestMeans } from "./keep-largest.ts";
import { requireKeep } from "./require-keep.ts";
import { matrixBlocks } from "./row-blocks.ts";

/** What `sparsify` keeps. */
export interface Sparsified {
  /** `[n, keep]`: row i holds the entries of row i at the coordinates of its group. */
  readonly values: Matrix;
  /** Entry g: the coordinates that group g keeps, ascending. Empty for a label that no row has. */
  readonly coordinates: Int32Array[];
}

/**
 * Keeps, for each group of rows, the `h = keep` coordinates of largest `|mean_i u_ij|` over its rows.
 *
 * @param u - `[n, d]`, within float32, any strides. Only read.
 * @param options - `keep`: h, an integer in `[1, d]`. `groups`: a label for each row, integers in `[0, 65536)`, such as the
 *   source; one group when absent.
 * @returns The kept entries, of the same kind of floats as `u`, and their coordinates; all fresh.
 * @throws {TypeError | RangeError} If an argument is outside its range.
 * @remarks Nguyen et al., "Mini-batch Coresets" (ICLR 2025), sec. 4.2. Means are summed in float64 and compared in
 *   float32; among equal ones the lower coordinate is kept. Coordinates come in ascending order, so `keep = d` gives
 *   `u` itself. Takes O(n d), and O(groups h) memory beside the result.
 * @example
 * const u = matrix(Float32Array.of(1, -4, 0, 3, -4, 1), 2, 3);
 * const { values, coordinates } = sparsify(u, { keep: 2 });
 * coordinates[0]; // => [0, 1]
 * values.data; // => [1, -4, 3, -4]
 */
export function sparsify(u: Matrix, options: { keep: number; groups?: ArrayLike<number> }): Sparsified {
  requireOptions("sparsify", options);
  const { keep, groups } = options;
  requireFloat32("sparsify", "u", u);
  const blocks = columnsOf(matrixBlocks(u));
  requireKeep("sparsify", keep, blocks.dimension);
  const members = groupRows("sparsify", groups, blocks.rows);
  const coordinates = largestMeans(blocks, members, keep);
  const size = blocks.rows * keep;
  const values = u.data instanceof Float32Array ? new Float32Array(size) : new Float64Array(size);
  gatherCoordinates(blocks, members, coordinates, keep, values);
  return { values: matrix(values, blocks.rows, keep), coordinates };
}
