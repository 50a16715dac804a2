import type { PairKind } from "../pair-sums.ts";
import { type Points, TILE_ROWS, type Tiles } from "../tiles.ts";
import { withWorkspace } from "./workspace.ts";

/** The numbers by which the kernel knows what to sum. */
const numberOf: Readonly<Record<PairKind, number>> = { absolute: 0, square: 1, product: 2 };

/** Runs `work` with tiles by the WebAssembly kernels. */
export function withSimdTiles<T>(points: Points, kind: PairKind, work: (tiles: Tiles) => T): T {
  const rows = roundUp(points.rows);
  const cols = roundUp(points.cols);
  const place = roundUp(rows * cols) * 4;
  return withWorkspace(place + 8 * TILE_ROWS * rows, ({ buffer, kernels }) => {
    copyPadded(new Float32Array(buffer, 0, rows * cols), points, cols);
    const values = new Float64Array(buffer, place, TILE_ROWS * rows);
    return work((first, last, from) => {
      kernels.pairs(0, rows, cols, first, roundUp(last), from, place, numberOf[kind]);
      return { values, width: rows - from };
    });
  });
}

/** Rows of `cols` entries, filled up with zeros, and zero rows at the end. */
function copyPadded(out: Float32Array, { x, rows, cols }: Points, padded: number): void {
  if (cols === padded) out.set(x);
  for (let i = 0; cols < padded && i < rows; i++) {
    out.set(x.subarray(i * cols, (i + 1) * cols), i * padded);
    out.fill(0, i * padded + cols, (i + 1) * padded);
  }
  out.fill(0, rows * padded);
}

function roundUp(size: number): number {
  return Math.ceil(size / 4) * 4;
}
