import type { Metric } from "./metric.ts";
import { type PairKind, pairSum } from "./pair-sums.ts";
import { refuseSum } from "./refuse-sum.ts";
import { type Points, TILE_ROWS, type Tiles } from "./tiles.ts";

/** What is summed for each metric. */
export const kindOf: Readonly<Record<Metric, PairKind>> = {
  l1: "absolute",
  l2: "square",
  cosine: "product",
  dot: "product",
};

/** Writes the similarities of all pairs of points to the `[rows, rows]` matrix `out`. */
export function compare(
  caller: string,
  out: Float32Array,
  points: Points,
  metric: Metric,
  tiles: Tiles,
  report: (rows: number) => void = () => {},
): void {
  const { rows } = points;
  const lengths = metric === "cosine" ? rowLengths(caller, points) : undefined;
  let top = 0;
  for (let first = 0; first < rows; first += TILE_ROWS) {
    const last = Math.min(first + TILE_ROWS, rows);
    const { values, width } = tiles(first, last, first);
    for (let i = first; i < last; i++) {
      const ahead = (i - first) * width - first;
      for (let j = i; j < rows; j++) {
        let sum = values[ahead + j];
        if (metric === "l2") sum = Math.sqrt(sum);
        else if (lengths) sum /= lengths[i] * lengths[j];
        const rounded = Math.fround(sum);
        if (rounded - rounded !== 0) refuseSum(caller, rounded, i, j);
        out[i * rows + j] = rounded;
        if (rounded > top) top = rounded;
      }
    }
    report(last);
  }
  finish(out, rows, metric === "l1" || metric === "l2" ? top : undefined);
}

const SIDE = 16;

/**
 * Copies what is right of the diagonal to the left of it, turned round as `top - d` if a top is given: the closest
 * pairs become the largest entries. It goes by blocks, so that each line of the cache is used whole.
 */
function finish(out: Float32Array, rows: number, top: number | undefined): void {
  const block = new Float32Array(SIDE * SIDE);
  for (let above = 0; above < rows; above += SIDE) {
    const below = Math.min(above + SIDE, rows);
    for (let left = above; left < rows; left += SIDE) {
      const right = Math.min(left + SIDE, rows);
      for (let i = above; i < below; i++) {
        for (let j = Math.max(left, i); j < right; j++) {
          const entry = top === undefined ? out[i * rows + j] : top - out[i * rows + j];
          out[i * rows + j] = entry;
          block[(j - left) * SIDE + i - above] = entry;
        }
      }
      for (let j = left; j < right; j++) {
        const end = Math.min(below, j);
        for (let i = above; i < end; i++) out[j * rows + i] = block[(j - left) * SIDE + i - above];
      }
    }
  }
}

/** Euclidean lengths of the rows, none of them 0. */
export function rowLengths(caller: string, { x, rows, cols }: Points): Float64Array {
  const lengths = new Float64Array(rows);
  const sum = pairSum("product");
  for (let i = 0; i < rows; i++) {
    lengths[i] = Math.sqrt(sum(x, i * cols, i * cols, cols));
    if (lengths[i] === 0) {
      throw new RangeError(`${caller}: "points" must have no zero row under "cosine", got one at ${i}`);
    }
  }
  return lengths;
}
