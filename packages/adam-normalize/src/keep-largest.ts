import type { ColumnBlocks } from "./column-blocks.ts";
import { BLOCK, forEachBlock } from "./row-blocks.ts";
import { topCoordinates } from "./top-coordinates.ts";

/** The `keep` coordinates of largest `|mean_i u_ij|` for each group of rows, ascending. An empty group has none. */
export function largestMeans(blocks: ColumnBlocks, groups: Int32Array[], keep: number): Int32Array[] {
  const tops = groups.map((rows) => (rows.length === 0 ? undefined : topCoordinates(keep, blocks.dimension)));
  const scores = new Float32Array(BLOCK);
  forEachBlock(blocks.dimension, (start, length) => {
    blocks.load(start, length);
    tops.forEach((top, g) => {
      if (top === undefined) return;
      blocks.scores(groups[g], scores);
      top.offer(start, scores, length);
    });
  });
  return tops.map((top) => top?.coordinates() ?? new Int32Array(0));
}

/** `out[i, a] = u[i, coordinates[group of i][a]]`, row-major: a second pass that computes nothing but what is kept. */
export function gatherCoordinates(
  blocks: ColumnBlocks,
  groups: Int32Array[],
  coordinates: Int32Array[],
  keep: number,
  out: Float32Array | Float64Array,
): void {
  const next = groups.map(() => 0);
  forEachBlock(blocks.dimension, (start, length) => {
    const end = start + length;
    if (!coordinates.some((list, g) => list[next[g]] < end)) return;
    blocks.load(start, length);
    coordinates.forEach((list, g) => {
      const first = next[g];
      while (list[next[g]] < end) next[g]++;
      blocks.entries(groups[g], list.subarray(first, next[g]), out, first, keep);
    });
  });
}
