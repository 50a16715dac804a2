import type { Matrix } from "@colm/array";
import { type ColumnReader, columnReader } from "./column-reader.ts";
import { type KeepGains, type KeptGains, keepGains } from "./kept-gains.ts";
import { raiseCover } from "./rises.ts";
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
  let held = -1;
  const read = (item: number): Float32Array => {
    if (item !== held) columns.read(column, item);
    held = item;
    return column;
  };
  let added: number | undefined;
  let kept: (KeptGains & Freshness) | undefined;

  return {
    get value() {
      let total = 0;
      for (let i = points - 1; i >= 0; i--) total += cover[i];
      return total;
    },
    get added() {
      return added;
    },
    get tolerance() {
      return kept ? kept.roundings * kept.unit : 0;
    },
    gain(item) {
      // a kept gain that no correction has touched means an unchanged sum: none of its terms has changed
      if (kept && kept.gains[item] === kept.seen[item]) return kept.fresh[item];
      const gain = gainOf(read(item), cover);
      if (kept) {
        kept.seen[item] = kept.gains[item];
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
      if (!kept) {
        added = raiseCover(cover, read(item));
        return;
      }
      const { gain, rises } = kept.grow(item, read, cover);
      added = gain;
      // the sum that would start anew is rounded for every point as well
      if (rises > 0) kept.roundings += rises + (kept.roundings === 0 ? points : 0);
    },
  };
}

/** Gains summed anew, the kept ones they belong to, and how far the two can be apart: a unit for each rounding. */
interface Freshness {
  readonly fresh: Float64Array;
  readonly seen: Float64Array;
  readonly unit: number;
  roundings: number;
}

function watch(kept: KeptGains): KeptGains & Freshness {
  const { gains } = kept;
  let largest = 0;
  for (const gain of gains) if (gain > largest) largest = gain;
  return { ...kept, fresh: gains.slice(), seen: gains.slice(), unit: largest * 2 ** -52, roundings: 0 };
}

/** Float64 sum, from the last point to the first, of float32 differences above the cover. */
function gainOf(column: Float32Array, cover: Float32Array): number {
  let gain = 0;
  for (let i = column.length - 1; i >= 0; i--) {
    if (column[i] > cover[i]) gain += Math.fround(column[i] - cover[i]);
  }
  return gain;
}
