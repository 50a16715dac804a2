import { BLOCK, forEachBlock, type RowBlocks } from "./row-blocks.ts";
import { type TopCoordinates, topCoordinates } from "./top-coordinates.ts";

/** The `keep` coordinates of largest `|mean_i u_ij|` for each group of rows, ascending. An empty group has none. */
export function largestMeans(blocks: RowBlocks, groups: Int32Array[], keep: number): Int32Array[] {
  const tops = groups.map((rows) => (rows.length === 0 ? undefined : topCoordinates(keep, blocks.dimension)));
  const row = new Float64Array(BLOCK);
  const sum = new Float64Array(BLOCK);
  const scores = new Float32Array(BLOCK);
  const offerGroup = (rows: Int32Array, top: TopCoordinates, start: number, length: number): void => {
    sum.fill(0);
    for (const i of rows) {
      blocks.row(i, row);
      addTo(sum, row, length);
    }
    for (let j = 0; j < length; j++) scores[j] = Math.abs(sum[j] / rows.length);
    top.offer(start, scores, length);
  };
  forEachBlock(blocks.dimension, (start, length) => {
    blocks.load(start, length);
    tops.forEach((top, g) => {
      if (top !== undefined) offerGroup(groups[g], top, start, length);
    });
  });
  return tops.map((top) => top?.coordinates() ?? new Int32Array(0));
}

/** `out[i, a] = u[i, coordinates[group of i][a]]`, row-major: a second pass that computes nothing but what is kept. */
export function gatherCoordinates(
  blocks: RowBlocks,
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
      for (; list[next[g]] < end; next[g]++) {
        for (const i of groups[g]) out[i * keep + next[g]] = blocks.at(i, list[next[g]] - start);
      }
    });
  });
}

function addTo(sum: Float64Array, row: Float64Array, length: number): void {
  for (let j = 0; j < length; j++) sum[j] += row[j];
}
