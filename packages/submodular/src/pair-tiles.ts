import { scaleForSquares, wrongValue } from "@colm/array";
import type { Metric } from "./metric.ts";
import { pairSum } from "./pair-sums.ts";
import { withSimdTiles } from "./simd/pair-tiles.ts";
import { hasSimd } from "./simd/workspace.ts";
import { type Points, TILE_ROWS, type Tiles } from "./tiles.ts";

/** Runs `work` with tiles by WebAssembly where it is there, else with the same bits in plain typed arrays. */
export function withTiles<T>(caller: string, points: Points, metric: Metric, work: (tiles: Tiles) => T): T {
  const isAngle = metric === "cosine";
  const own = isAngle ? { ...points, x: scaleForSquares(points.x, points.cols) } : points;
  const lengths = isAngle ? rowLengths(caller, own) : undefined;
  return hasSimd() ? withSimdTiles(own, metric, lengths, work) : work(plainTiles(own, metric, lengths));
}

/** Tiles in plain typed arrays. */
export function plainTiles({ x, rows, cols }: Points, metric: Metric, lengths?: Float64Array): Tiles {
  const sum = pairSum(metric);
  const room = new Float32Array(TILE_ROWS * rows);
  return (first, last, from) => {
    const width = rows - from;
    const values = room.subarray(0, (last - first) * width);
    let top = 0;
    for (let i = first, at = 0; i < last; i++) {
      for (let j = from; j < rows; j++, at++) {
        let value = sum(x, i * cols, j * cols, cols);
        if (metric === "l2") value = Math.sqrt(value);
        else if (lengths) value /= lengths[i] * lengths[j];
        values[at] = value;
        top = values[at] - values[at] === 0 ? Math.max(top, values[at]) : Number.NaN;
      }
    }
    return { values, width, top };
  };
}

/** Euclidean lengths of the rows, none of them 0. */
export function rowLengths(caller: string, { x, rows, cols }: Points): Float64Array {
  const lengths = new Float64Array(rows);
  const sum = pairSum("dot");
  for (let i = 0; i < rows; i++) {
    lengths[i] = Math.sqrt(sum(x, i * cols, i * cols, cols));
    if (lengths[i] === 0) {
      throw wrongValue(caller, "points", 'have no zero row under "cosine"', "one", i);
    }
  }
  return lengths;
}
