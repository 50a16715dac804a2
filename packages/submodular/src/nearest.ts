import type { SparseMatrix } from "@colm/array";
import { isDistance, type Metric } from "./metric.ts";
import { refuseSum } from "./refuse-sum.ts";
import { TILE_ROWS, type Tiles } from "./tiles.ts";

/**
 * The `neighbours` most similar points of each point, itself among them: what {@link compare} would write there. All
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
  const best = keepBest(neighbours, sign);
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

/** Finds the places of the `count` largest values times `sign`, the lower place first on ties; ascending. */
function keepBest(count: number, sign: number): (values: Float32Array) => Int32Array {
  const held = new Int32Array(2 * count);
  const sorted = new Float32Array(2 * count);
  return (values) => {
    let size = 0;
    let least = Number.NEGATIVE_INFINITY;
    const cut = (): void => {
      for (let t = 0; t < size; t++) sorted[t] = sign * values[held[t]];
      const ascending = sorted.subarray(0, size).sort();
      least = ascending[size - count];
      let equal = ascending.lastIndexOf(least) - (size - count) + 1;
      let kept = 0;
      for (let t = 0; t < size; t++) {
        const value = sign * values[held[t]];
        if (value > least || (value === least && equal-- > 0)) held[kept++] = held[t];
      }
      size = kept;
    };
    for (let j = 0; j < values.length; j++) {
      // places come in order, so that an equal value further on is no better
      if (sign * values[j] <= least) continue;
      held[size++] = j;
      if (size === held.length) cut();
    }
    if (size > count) cut();
    return held.slice(0, size);
  };
}
