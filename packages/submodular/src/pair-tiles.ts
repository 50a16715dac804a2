import { type PairKind, pairSum } from "./pair-sums.ts";
import { withSimdTiles } from "./simd/pair-tiles.ts";
import { hasSimd } from "./simd/workspace.ts";
import { type Points, TILE_ROWS, type Tiles } from "./tiles.ts";

/** Runs `work` with tiles by WebAssembly where it is there, else with the same bits in plain typed arrays. */
export function withTiles<T>(points: Points, kind: PairKind, work: (tiles: Tiles) => T): T {
  return hasSimd() ? withSimdTiles(points, kind, work) : work(plainTiles(points, kind));
}

/** Tiles in plain typed arrays. */
export function plainTiles({ x, rows, cols }: Points, kind: PairKind): Tiles {
  const sum = pairSum(kind);
  const values = new Float64Array(TILE_ROWS * rows);
  return (first, last, from) => {
    const width = rows - from;
    for (let i = first; i < last; i++) {
      for (let j = from; j < rows; j++) {
        values[(i - first) * width + j - from] = sum(x, i * cols, j * cols, cols);
      }
    }
    return { values, width };
  };
}
