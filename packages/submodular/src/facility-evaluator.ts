import { type ColumnReader, columnReader, type Matrix, sumFromLast } from "@colm/array";
import { keepGains } from "./keep-gains.ts";
import type { KeepGains, KeptGains } from "./kept-gains.ts";
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
  const [points, candidates] = similarity.shape;
  const cover = new Float32Array(points);
  let column: Float32Array | undefined;
  let held = -1;
  const read = (item: number): Float32Array => {
    column ??= new Float32Array(points);
    if (item !== held) columns.read(column, item);
    held = item;
    return column;
  };
  let added: number | undefined;
  let kept: KeptGains | undefined;
  /** Gains summed anew, and the kept ones they belong to. */
  let fresh: Float64Array | undefined;
  let seen: Float64Array | undefined;
  const forget = (): void => {
    if (kept?.roundings === 0) seen?.fill(Number.NaN);
  };

  const evaluator: Evaluator = {
    get value() {
      return sumFromLast(cover);
    },
    get added() {
      return added;
    },
    get tolerance() {
      return kept ? 2 * kept.roundings * kept.unit : 0;
    },
    gain(item) {
      if (!kept) return gainOf(read(item), cover);
      if (kept.roundings === 0) return kept.gains[item];
      fresh ??= new Float64Array(candidates);
      seen ??= new Float64Array(candidates).fill(Number.NaN);
      // a kept gain that no correction has touched means an unchanged sum: none of its terms has changed
      if (kept.gains[item] !== seen[item]) {
        seen[item] = kept.gains[item];
        fresh[item] = gainOf(read(item), cover);
      }
      return fresh[item];
    },
    gains(out) {
      if (!kept) {
        kept = keep(similarity, cover, columns);
        if (kept.symmetric) columns.turn();
        const { climb } = kept;
        if (climb) {
          evaluator.climb = (steps) => {
            const found = climb(steps);
            forget();
            return found;
          };
        }
      }
      out.set(kept.gains);
    },
    add(item) {
      added = kept ? kept.grow(item, read) : raiseCover(cover, read(item));
      forget();
    },
  };
  return evaluator;
}

/** Float64 sum, from the last point to the first, of float32 differences above the cover. */
function gainOf(column: Float32Array, cover: Float32Array): number {
  let gain = 0;
  for (let i = column.length - 1; i >= 0; i--) {
    if (column[i] > cover[i]) gain += Math.fround(column[i] - cover[i]);
  }
  return gain;
}
