import type { Metric } from "./metric.ts";
import { type PairKind, pairSum } from "./pair-sums.ts";
import { requireSum } from "./require-sum.ts";
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
      let at = (i - first) * width + i - first;
      for (let j = i; j < rows; j++, at++) {
        let sum = values[at];
        if (metric === "l2") sum = Math.sqrt(sum);
        else if (lengths) sum /= lengths[i] * lengths[j];
        out[i * rows + j] = sum;
        if (out[i * rows + j] > top) top = out[i * rows + j];
      }
    }
    mirror(out, rows, first, last);
    for (let i = first; i < last; i++) requireSum(caller, out, i, i * rows, rows);
    report(last);
  }
  // max(D) - D: the closest pairs become the largest entries
  if (metric === "l1" || metric === "l2") for (let p = 0; p < out.length; p++) out[p] = top - out[p];
}

/** Copies rows `[first, last)`, right of the diagonal, to the columns below it. */
function mirror(out: Float32Array, rows: number, first: number, last: number): void {
  for (let j = first + 1; j < rows; j++) {
    const end = Math.min(j, last);
    for (let i = first; i < end; i++) out[j * rows + i] = out[i * rows + j];
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
