import type { ColumnBlocks } from "./column-blocks.ts";
import { BLOCK, forEachBlock } from "./row-blocks.ts";
import { topCoordinates } from "./top-coordinates.ts";

/**
 * The `keep` coordinates of largest `|mean_i u_ij|` for each group of rows, ascending, among all or among `among[g]`, which ascend.
 * An empty group has none.
 */
export function largestMeans(
  blocks: ColumnBlocks,
  groups: Int32Array[],
  keep: number,
  among?: readonly Int32Array[],
): Int32Array[] {
  if (among !== undefined) return largestMeansAmong(blocks, groups, keep, among);
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

function largestMeansAmong(
  blocks: ColumnBlocks,
  groups: Int32Array[],
  keep: number,
  among: readonly Int32Array[],
): Int32Array[] {
  // places in the lists are ranked, and stand for the coordinates there
  const ranks = groups.map((rows, g) => ({ rows, list: rows.length === 0 ? NONE : among[g], next: 0 }));
  const tops = ranks.map(({ list }) => topCoordinates(keep, list.length));
  const scores = new Float32Array(BLOCK);
  forEachBlock(blocks.dimension, (start, length) => {
    const end = start + length;
    if (!ranks.some(({ list, next }) => list[next] < end)) return;
    blocks.load(start, length);
    ranks.forEach((rank, g) => {
      const first = rank.next;
      while (rank.list[rank.next] < end) rank.next++;
      const own = rank.list.subarray(first, rank.next);
      if (own.length === length) blocks.scores(rank.rows, scores);
      else scoresAt(blocks, rank.rows, own, scores);
      tops[g].offer(first, scores, own.length);
    });
  });
  return ranks.map(({ list }, g) => tops[g].coordinates().map((place) => list[place]));
}

/** The scores of some coordinates of the block, the bits of those of the whole block. */
function scoresAt(blocks: ColumnBlocks, rows: Int32Array, coordinates: Int32Array, out: Float32Array): void {
  const width = coordinates.length;
  if (width === 0) return;
  const sums = new Float64Array(width);
  const entries = new Float32Array(blocks.rows * width);
  blocks.entries(rows, coordinates, entries, 0, width);
  for (const i of rows) {
    for (let a = 0; a < width; a++) sums[a] += entries[i * width + a];
  }
  for (let a = 0; a < width; a++) out[a] = Math.abs(sums[a] / rows.length);
}

const NONE = new Int32Array(0);

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
