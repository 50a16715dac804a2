import { largestPlaces, type SparseMatrix } from "@colm/array";
import { isDistance, type Metric } from "./metric.ts";
import { refuseSum } from "./refuse-sum.ts";
import { TILE_ROWS, type Tiles } from "./tiles.ts";

/**
 * The `neighbours` most similar points of each point: what {@link compare} would write there. All
 * pairs are compared, a few rows at a time; no more than those rows and the result is held.
 */
export function nearest(
  caller: string,
  rows: number,
  metric: Metric,
  neighbours: number,
  tiles: Tiles,
  report: (rows: number) => void,
): SparseMatrix {
  // x + -0 is x, of either sign
  const sign = isDistance(metric) ? -1 : 1;
  const columns = new Int32Array(rows * neighbours);
  const values = new Float32Array(rows * neighbours);
  const best = largestPlaces(neighbours, sign);
  let top = -0;
  for (let start = 0; start < rows; start += TILE_ROWS) {
    const end = Math.min(start + TILE_ROWS, rows);
    const tile = tiles(start, end, 0);
    if (Number.isNaN(tile.top)) refuseSum(caller, tile, start, 0);
    if (sign < 0) top = Math.max(top, tile.top);
    for (let i = start; i < end; i++) {
      const scores = tile.values.subarray((i - start) * rows, (i - start + 1) * rows);
      const chosen = best(scores);
      columns.set(chosen, i * neighbours);
      for (const [t, j] of chosen.entries()) values[i * neighbours + t] = scores[j];
    }
    report(end);
  }
  for (let p = 0; p < values.length; p++) values[p] = top + sign * values[p];
  const starts = Int32Array.from({ length: rows + 1 }, (_, i) => i * neighbours);
  return { shape: [rows, rows], starts, columns, values };
}
