import type { GpuAdapter } from "./gpu-adapter.ts";
import { distanceSource, pointBlocks, productSource } from "./greedy-sources.ts";
import type { HeldMetric } from "./held-table.ts";
import { fixedColumnSource, rowEndsSource, rowSource } from "./kernel-sources.ts";
import { paddedRows, sumBlocks } from "./sum-blocks.ts";
import type { Entries, HeldPairs } from "./sums.ts";

/** What fills up a column of a sum: its terms with rows that only fill up the table are 0. */
const NEUTRAL = { rise: 3e38, fall: -3e38, weighted: 0 } as const;

/** A table over all pairs on the device: a column of numbers goes in, sums come out. */
export async function heldPairs(
  gpu: GpuAdapter,
  metric: HeldMetric,
  x: Entries,
  size: number,
  cols: number,
): Promise<HeldPairs> {
  if (size === 0) {
    const none = new Float32Array(0);
    const nothing = async (): Promise<Float32Array> => none.slice();
    return { largest: none, diagonal: none, columns: nothing, row: nothing, async release() {} };
  }
  const { points, blocks, width } = pointBlocks(size);
  const sum = sumBlocks(cols);
  const rows = paddedRows(x, size, cols, sum.blocks * sum.width);
  while (rows.length < points) rows.push(new Float32Array(sum.blocks * sum.width));
  const source =
    metric === "dot" ? productSource(sum.blocks, sum.width) : distanceSource(metric, sum.blocks, sum.width);
  const table = await gpu.keep(source, [points, points], rows);
  const [largest, diagonal] = await gpu.readFrom(rowEndsSource(size), [2, points], table);
  return {
    largest: largest.slice(0, size),
    diagonal: diagonal.slice(0, size),
    async columns(term, column) {
      const whole = new Float32Array(points).fill(NEUTRAL[term]);
      whole.set(column);
      const [sums] = await gpu.readFrom(fixedColumnSource(term, blocks, width), [1, points], table, whole);
      return sums.slice(0, size);
    },
    async row(index) {
      const [row] = await gpu.readFrom(rowSource, [1, points], table, Float32Array.of(index));
      return row.slice(0, size);
    },
    release: table.release,
  };
}
