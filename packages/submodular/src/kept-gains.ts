import type { Matrix } from "@colm/array";
import type { Climb, Steps } from "./climb.ts";
import { openRises, type Rises, raiseCover } from "./rises.ts";

/** The gains of all candidates, kept while the set grows. */
export interface KeptGains {
  /** Float64 sums of float32 differences above the cover, corrected since they were last summed anew. */
  readonly gains: Float64Array;
  /** Whether the similarities were found to be symmetric while they were read. */
  readonly symmetric: boolean;
  /** How far each rounding can take a gain from a sum anew. */
  readonly unit: number;
  /** Roundings since all gains were last summed anew: without one they are such sums, to the bit. */
  readonly roundings: number;
  /**
   * Raises the cover to the column of `item`, which `read` gives, and corrects the gains; returns what the item brings.
   */
  grow(item: number, read: (item: number) => Float32Array): number;
  /** Takes steps of greedy, all at once. */
  climb?(steps: Steps): Climb;
}

/** Starts to keep gains above a cover, which it raises. */
export type KeepGains = (similarity: Matrix, cover: Float32Array) => KeptGains;

/** The two ways to bring gains up to date. */
export interface GainWork {
  /** Sums all gains above the cover; says whether the similarities are symmetric if it knows. */
  sum(gains: Float64Array): boolean;
  /**
   * Takes from the gains what the rises bring, `max(0, s - old) - max(0, s - raised)` for each point, group by group; see
   * `endOfGroup`.
   */
  lower(gains: Float64Array, rises: Rises, slack: number): void;
}

/** What the largest gain is multiplied with to cover one rounding, and one group of rises. */
export const UNIT: number = 2 ** -52;
const SLACK = 2 ** 33;

/**
 * Keeps gains by the two ways. Where more than half of the points rise all gains are summed anew: that costs no more,
 * and nothing is left of earlier roundings.
 */
export function keepBy(work: GainWork, candidates: number, cover: Float32Array): KeptGains {
  const gains = new Float64Array(candidates);
  const rises = openRises(cover.length);
  let symmetric = false;
  let unit = 0;
  let roundings = 0;
  const renew = (): void => {
    gains.fill(0);
    symmetric = work.sum(gains) || symmetric;
    unit = gains.reduce((a, b) => Math.max(a, b), 0) * UNIT;
    roundings = 0;
  };
  renew();
  return {
    gains,
    get symmetric() {
      return symmetric;
    },
    get unit() {
      return unit;
    },
    get roundings() {
      return roundings;
    },
    grow(item, read) {
      const gain = raiseCover(cover, read(item), rises);
      const { count } = rises;
      if (2 * count > cover.length) {
        renew();
        return gain;
      }
      if (count === 0) return gain;
      work.lower(gains, rises, unit * SLACK);
      // the sum that would start anew is rounded for every point as well
      roundings += roundings === 0 ? count + cover.length : count;
      return gain;
    },
  };
}
