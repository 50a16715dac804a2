import type { Matrix } from "@colm/array";
import { type ColumnReader, columnReader } from "./column-reader.ts";
import { type KeepGains, type KeptGains, keepGains, type Rises } from "./kept-gains.ts";
import type { Evaluator } from "./set-function.ts";

/** How an evaluator gets at its similarities. */
export interface FacilityParts {
  readonly keep?: KeepGains;
  readonly columns?: ColumnReader;
}

/**
 * A growing set under facility location. `cover[i]` is the best similarity of point `i` so far, from 0. Once
 * `gains` was asked for, the gains of all candidates are kept and corrected for every point whose cover rises.
 */
export function growFacility(similarity: Matrix, parts: FacilityParts = {}): Evaluator {
  const { keep = keepGains, columns = columnReader(similarity) } = parts;
  const [points] = similarity.shape;
  const cover = new Float32Array(points);
  const column = new Float32Array(points);
  const rises: Rises = {
    points: new Int32Array(points),
    olds: new Float32Array(points),
    raised: new Float32Array(points),
    count: 0,
  };
  let value = 0;
  let held = -1;
  const hold = (item: number): void => {
    if (item !== held) columns.read(column, item);
    held = item;
  };
  let kept: (KeptGains & Rounding) | undefined;

  return {
    get value() {
      return value;
    },
    get tolerance() {
      return kept ? kept.roundings * kept.unit : 0;
    },
    gain(item) {
      // an entry that no correction has touched is what its sum would be: none of its terms has changed
      if (kept && kept.gains[item] === kept.fresh[item]) return kept.fresh[item];
      hold(item);
      const gain = gainOf(column, cover);
      if (kept) {
        kept.gains[item] = gain;
        kept.fresh[item] = gain;
      }
      return gain;
    },
    gains(out) {
      kept ??= watch(keep(similarity, cover));
      if (kept.symmetric) columns.turn();
      out.set(kept.gains);
    },
    add(item) {
      hold(item);
      rises.count = 0;
      for (let i = 0; i < points; i++) {
        const raised = column[i];
        const old = cover[i];
        if (raised <= old) continue;
        cover[i] = raised;
        value += raised - old;
        rises.points[rises.count] = i;
        rises.olds[rises.count] = old;
        rises.raised[rises.count++] = raised;
      }
      if (!kept || rises.count === 0) return;
      kept.raise(rises);
      kept.roundings += rises.count + (kept.roundings === 0 ? points : 0);
    },
  };
}

/** How far kept gains may stand from fresh sums: one unit for every addition that was rounded. */
interface Rounding {
  readonly fresh: Float64Array;
  readonly unit: number;
  roundings: number;
}

function watch(kept: KeptGains): KeptGains & Rounding {
  const { gains } = kept;
  const largest = gains.reduce((a, b) => Math.max(a, b), 0);
  return { ...kept, fresh: gains.slice(), unit: largest * 2 ** -52, roundings: 0 };
}

/** Float64 sum, from the last point to the first, of float32 differences above the cover. */
function gainOf(column: Float32Array, cover: Float32Array): number {
  let gain = 0;
  for (let i = column.length - 1; i >= 0; i--) {
    if (column[i] > cover[i]) gain += Math.fround(column[i] - cover[i]);
  }
  return gain;
}
