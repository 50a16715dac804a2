import type { SparseMatrix } from "@colm/array";
import type { Evaluator } from "./set-function.ts";

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
  let fresh = new Float64Array();
  let unit = 0;
  let roundings = 0;

  const gainOf = (item: number): number => {
    let gain = 0;
    for (let p = starts[item + 1] - 1; p >= starts[item]; p--) {
      const low = cover[owners[p]];
      if (values[p] > low) gain += Math.fround(values[p] - low);
    }
    return gain;
  };
  const raise = (kept: Float64Array, point: number, old: number, raised: number): void => {
    for (let p = byRow.starts[point]; p < byRow.starts[point + 1]; p++) {
      const before = Math.fround(byRow.values[p] - old);
      if (before > 0) kept[byRow.columns[p]] -= before - Math.max(0, Math.fround(byRow.values[p] - raised));
    }
    roundings += roundings === 0 ? points + 1 : 1;
  };

  return {
    get value() {
      return value;
    },
    get tolerance() {
      return roundings * unit;
    },
    gain(item) {
      if (gains && gains[item] === fresh[item]) return fresh[item];
      const gain = gainOf(item);
      if (gains) {
        gains[item] = gain;
        fresh[item] = gain;
      }
      return gain;
    },
    gains(out) {
      if (!gains) {
        gains = Float64Array.from({ length: candidates }, (_, item) => gainOf(item));
        fresh = gains.slice();
        unit = gains.reduce((a, b) => Math.max(a, b), 0) * 2 ** -52;
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
}
