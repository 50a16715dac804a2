import type { SparseMatrix } from "@colm/array";
import { climbByHeap } from "./heap-climb.ts";
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
export function growSparse(byRow: SparseMatrix, byColumn: SparseMatrix): Evaluator {
  const [points, candidates] = byRow.shape;
  const cover = new Float32Array(points);
  const { starts, columns: owners, values } = byColumn;
  let value = 0;
  let added: number | undefined;
  let gains: Float64Array | undefined;
  /** Gains summed anew, and the kept ones they belong to. */
  let fresh = new Float64Array();
  let seen = fresh;
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
    for (let p = byRow.starts[point]; p < end; p++) {
      kept[columns[p]] -= above(values[p], old) - above(values[p], raised);
    }
    roundings += roundings === 0 ? points + 1 : 1;
  };

  const evaluator: Evaluator = {
    get value() {
      return value;
    },
    get tolerance() {
      return roundings * unit;
    },
    gain(item) {
      if (!gains) return gainOf(item);
      // a kept gain that no correction has touched means an unchanged sum
      if (gains[item] !== seen[item]) {
        seen[item] = gains[item];
        fresh[item] = gainOf(item);
      }
      return fresh[item];
    },
    gains(out) {
      if (!gains) {
        const kept = Float64Array.from({ length: candidates }, (_, item) => gainOf(item));
        gains = kept;
        fresh = kept.slice();
        seen = kept.slice();
        unit = kept.reduce((a, b) => Math.max(a, b), 0) * UNIT;
        evaluator.climb = (steps) => climbByHeap(kept, evaluator, steps);
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
        value += values[p] - old;
        if (gains) raise(gains, point, old, values[p]);
      }
    },
  };
  return evaluator;
}
