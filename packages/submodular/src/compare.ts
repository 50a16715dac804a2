import { isDistance, type Metric } from "./metric.ts";
import { refuseSum } from "./refuse-sum.ts";
import { TILE_ROWS, type Tiles } from "./tiles.ts";

/** Writes the similarities of all pairs of points, or their distances as they are, to the `[rows, rows]` matrix `out`. */
export function compare(
  caller: string,
  out: Float32Array,
  rows: number,
  metric: Metric,
  tiles: Tiles,
  report: (rows: number) => void = () => {},
  result: "similarities" | "distances" = "similarities",
): void {
  let top = 0;
  for (let first = 0; first < rows; first += TILE_ROWS) {
    const last = Math.min(first + TILE_ROWS, rows);
    const tile = tiles(first, last, first);
    if (Number.isNaN(tile.top)) refuseSum(caller, tile, first, first);
    top = Math.max(top, tile.top);
    for (let i = first; i < last; i++) {
      const start = (i - first) * tile.width;
      out.set(tile.values.subarray(start + i - first, start + tile.width), i * rows + i);
    }
    report(last);
  }
  // x + -0 is x, of either sign
  if (isDistance(metric) && result === "similarities") finish(out, rows, -1, top);
  else finish(out, rows, 1, -0);
}

const SIDE = 16;

/**
 * Turns what is right of the diagonal round, as `top + sign d`, so that the closest pairs become the largest entries, and
 * copies it to the left. It goes by blocks, so that each line of the cache is used whole.
 */
function finish(out: Float32Array, rows: number, sign: number, top: number): void {
  const block = new Float32Array(SIDE * SIDE);
  for (let above = 0; above < rows; above += SIDE) {
    const high = Math.min(SIDE, rows - above);
    for (let left = above; left < rows; left += SIDE) {
      const wide = Math.min(SIDE, rows - left);
      for (let r = 0; r < high; r++) {
        let p = (above + r) * rows + left;
        for (let c = r; c < r + wide * SIDE; c += SIDE, p++) {
          const entry = top + sign * out[p];
          out[p] = entry;
          block[c] = entry;
        }
      }
      for (let c = 0; c < wide; c++) {
        const p = (left + c) * rows + above;
        const count = left === above ? c : high;
        for (let r = 0; r < count; r++) out[p + r] = block[c * SIDE + r];
      }
    }
  }
}
