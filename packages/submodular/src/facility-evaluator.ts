import type { Matrix } from "@colm/array";
import type { Evaluator } from "./set-function.ts";

const { fround } = Math;

/**
 * A growing set under facility location. `cover[i]` is the best similarity of point `i` so far, from 0. Once
 * `gains` was asked for, the gain of every candidate is kept: when the cover of point `i` rises from `old` to
 * `cover`, candidate `j` loses `max(0, s - old) - max(0, s - cover)`, `s = similarity[i, j]`.
 */
export function growFacility(similarity: Matrix): Evaluator {
  const [points, candidates] = similarity.shape;
  const cover = new Float32Array(points);
  const column = new Float32Array(points);
  let value = 0;
  let kept: KeptGains | undefined;

  return {
    get value() {
      return value;
    },
    get tolerance() {
      return kept?.tolerance ?? 0;
    },
    gain(item) {
      if (kept?.isFresh(item)) return kept.gains[item];
      readColumn(column, similarity, item);
      const gain = gainOf(column, cover);
      kept?.renew(item, gain);
      return gain;
    },
    gains(out) {
      kept ??= keepGains(similarity, cover);
      out.set(kept.gains.subarray(0, candidates));
    },
    add(item) {
      readColumn(column, similarity, item);
      for (let i = 0; i < points; i++) {
        const [old, raised] = [cover[i], column[i]];
        if (raised <= old) continue;
        cover[i] = raised;
        value += raised - old;
        kept?.raise(i, old, raised);
      }
    },
  };
}

/** Float64 sum, from the last point to the first, of float32 differences above the cover. */
function gainOf(column: Float32Array, cover: Float32Array): number {
  let gain = 0;
  for (let i = column.length - 1; i >= 0; i--) {
    if (column[i] > cover[i]) gain += fround(column[i] - cover[i]);
  }
  return gain;
}

function readColumn(out: Float32Array, similarity: Matrix, item: number): void {
  const { data } = similarity;
  const [rowStride, colStride] = similarity.stride;
  let at = similarity.offset + item * colStride;
  for (let i = 0; i < out.length; i++, at += rowStride) out[i] = data[at];
}

/** All gains, exact at first and corrected in float64 from then on. */
interface KeptGains {
  readonly gains: Float64Array;
  readonly tolerance: number;
  isFresh(item: number): boolean;
  renew(item: number, gain: number): void;
  raise(point: number, old: number, raised: number): void;
}

function keepGains(similarity: Matrix, cover: Float32Array): KeptGains {
  const { data, offset } = similarity;
  const [points, candidates] = similarity.shape;
  const [rowStride, colStride] = similarity.stride;
  const gains = new Float64Array(candidates);
  for (let i = points - 1; i >= 0; i--) {
    const low = cover[i];
    let at = offset + i * rowStride;
    for (let j = 0; j < candidates; j++, at += colStride) {
      const rise = fround(data[at]) - low;
      if (rise > 0) gains[j] += fround(rise);
    }
  }
  // an untouched entry equals its fresh value: no term of its sum has changed
  const fresh = gains.slice();
  const unit = gains.reduce((a, b) => Math.max(a, b), 0) * 2 ** -52;
  let roundings = points;

  return {
    gains,
    get tolerance() {
      return roundings * unit;
    },
    isFresh: (item) => gains[item] === fresh[item],
    renew(item, gain) {
      gains[item] = gain;
      fresh[item] = gain;
    },
    raise(point, old, raised) {
      roundings++;
      let at = offset + point * rowStride;
      for (let j = 0; j < candidates; j++, at += colStride) {
        const before = fround(fround(data[at]) - old);
        if (before > 0) {
          const after = fround(fround(data[at]) - raised);
          gains[j] -= after > 0 ? before - after : before;
        }
      }
    },
  };
}
