import type { Metric } from "../metric.ts";
import { type Points, TILE_ROWS, type Tiles } from "../tiles.ts";
import { withWorkspace } from "./workspace.ts";

/** The numbers by which the kernels know the metrics. */
const numberOf: Readonly<Record<Metric, number>> = { l1: 0, l2: 1, dot: 2, cosine: 3 };

/** Runs `work` with tiles by the WebAssembly kernels. */
export function withSimdTiles<T>(
  points: Points,
  metric: Metric,
  lengths: Float64Array | undefined,
  work: (tiles: Tiles) => T,
): T {
  const rows = roundUp(points.rows);
  const cols = roundUp(points.cols);
  const kind = numberOf[metric];
  const sumsAt = roundUp(rows * cols) * 4;
  const lengthsAt = sumsAt + 8 * TILE_ROWS * rows;
  const valuesAt = lengthsAt + 8 * (rows + 4);
  return withWorkspace(valuesAt + 4 * TILE_ROWS * (rows + 4), ({ buffer, kernels }) => {
    copyPadded(new Float32Array(buffer, 0, rows * cols), points, cols);
    if (lengths) new Float64Array(buffer, lengthsAt, rows + 4).fill(1).set(lengths);
    return work((first, last, from) => {
      const width = points.rows - from;
      kernels.pairs(0, rows, cols, first, roundUp(last), from, sumsAt, kind);
      const [own, others] = [lengthsAt + 8 * first, lengthsAt + 8 * from];
      const top = kernels.scores(sumsAt, rows - from, last - first, width, kind, own, others, valuesAt);
      return { values: new Float32Array(buffer, valuesAt, (last - first) * width), width, top };
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
