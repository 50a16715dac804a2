import type { Matrix } from "@colm/array";
import { openRises, raiseCover } from "./rises.ts";
import { simdGains } from "./simd/kept-gains.ts";
import { hasSimd } from "./simd/workspace.ts";

/** What an item brought: its gain, summed from the last point to the first, and how many points rose. */
export interface Growth {
  gain: number;
  rises: number;
}

/** The gains of all candidates, kept while the set grows. */
export interface KeptGains {
  /** Float64 sums of float32 differences, from the last point to the first; only {@link grow} corrects them. */
  readonly gains: Float64Array;
  /** Whether the similarities were found to be symmetric while they were read. */
  readonly symmetric: boolean;
  /**
   * Raises the cover to the column of `item` and takes `max(0, s - old) - max(0, s - raised)` from every gain, for
   * every point that rises. `read` gives the column.
   */
  grow(item: number, read: (item: number) => Float32Array, cover: Float32Array): Growth;
}

/** Starts to keep gains above a cover. */
export type KeepGains = (similarity: Matrix, cover: Float32Array) => KeptGains;

/** Keeps gains by WebAssembly where it is there, else in plain typed arrays: the same bits. */
export const keepGains: KeepGains = (similarity, cover) =>
  hasSimd() ? simdGains(similarity, cover) : plainGains(similarity, cover);

const { fround } = Math;

/** Keeps gains in plain typed arrays. */
export const plainGains: KeepGains = (similarity, cover) => {
  const { data, offset } = similarity;
  const [points, candidates] = similarity.shape;
  const [rowStride, colStride] = similarity.stride;
  const gains = new Float64Array(candidates);
  for (let i = points - 1; i >= 0; i--) {
    const low = cover[i];
    let at = offset + i * rowStride;
    for (let j = 0; j < candidates; j++, at += colStride) {
      const rise = fround(fround(data[at]) - low);
      if (rise > 0) gains[j] += rise;
    }
  }
  const rises = openRises(points);
  return {
    gains,
    symmetric: false,
    grow(item, read, raisedCover) {
      const gain = raiseCover(raisedCover, read(item), rises);
      for (let t = 0; t < rises.count; t++) {
        const old = rises.olds[t];
        const raised = rises.raised[t];
        let at = offset + rises.points[t] * rowStride;
        for (let j = 0; j < candidates; j++, at += colStride) {
          const before = fround(fround(data[at]) - old);
          if (before > 0) gains[j] -= before - Math.max(0, fround(fround(data[at]) - raised));
        }
      }
      return { gain, rises: rises.count };
    },
  };
};
