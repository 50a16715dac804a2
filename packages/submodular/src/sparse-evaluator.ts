import { type SparseMatrix, sumFromLast } from "@colm/array";
import { openClimb } from "./block-climb.ts";
import { UNIT } from "./kept-gains.ts";
import type { Evaluator } from "./set-function.ts";

/** `max(0, s - low)` in float32, without a branch: which entries are above is hard to foresee. */
function above(s: number, low: number): number {
  return Math.fround((s - low) * Number(s > low));
}

/**
 * A growing set under facility location on sparse similarities, by rows and by columns. The same sums in the same
 * order as on dense ones, where absent entries would bring nothing.
 */
export function growSparse(
  byRow: SparseMatrix,
  byColumn: SparseMatrix,
): Evaluator & { readonly value: number } {
  const [points, candidates] = byRow.shape;
  const cover = new Float32Array(points);
  const { starts, columns: owners, values } = byColumn;
  let added: number | undefined;
  let gains: Float64Array | undefined;
  /** The kept gains as they were when summed anew. */
  let seen: Float64Array;
  let unit = 0;
  let roundings = 0;

  const gainOf = (item: number): number => {
    let gain = 0;
    const first = starts[item];
    for (let p = starts[item + 1] - 1; p >= first; p--) gain += above(values[p], cover[owners[p]]);
    return gain;
  };
  const raise = (kept: Float64Array, point: number, old: number, raised: number): void => {
    const { columns, values } = byRow;
    const end = byRow.starts[point + 1];
    // differences of numbers above `old` are multiples of its last place
    const isLarge = old >= unit * 2 ** 24;
    for (let p = byRow.starts[point]; p < end; p++) {
      const loss = above(values[p], old) - above(values[p], raised);
      kept[columns[p]] -= isLarge ? loss : Math.max(loss, unit * Number(loss > 0));
    }
    roundings += roundings === 0 ? points + 1 : 1;
  };

  const evaluator: Evaluator & { readonly value: number } = {
    get value() {
      return sumFromLast(cover);
    },
    get tolerance() {
      return 2 * roundings * unit;
    },
    gain(item) {
      if (!gains) return gainOf(item);
      // a kept gain that no correction has touched means an unchanged sum
      if (gains[item] !== seen[item]) {
        gains[item] = gainOf(item);
        seen[item] = gains[item];
      }
      return seen[item];
    },
    gains(out) {
      if (!gains) {
        const kept = new Float64Array(candidates);
        let largest = 0;
        for (let item = 0; item < candidates; item++) {
          kept[item] = gainOf(item);
          largest = Math.max(largest, kept[item]);
        }
        gains = kept;
        seen = kept.slice();
        unit = largest * UNIT;
        evaluator.climb = openClimb(kept, evaluator);
      }
      out.set(gains);
    },
    get added() {
      return added;
    },
    add(item) {
      added = 0;
      for (let p = starts[item + 1] - 1; p >= starts[item]; p--) {
        const point = owners[p];
        const old = cover[point];
        if (values[p] <= old) continue;
        cover[point] = values[p];
        added += Math.fround(values[p] - old);
        if (gains) raise(gains, point, old, values[p]);
      }
    },
  };
  return evaluator;
}
