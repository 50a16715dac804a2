import type { ColumnReader, Matrix } from "@colm/array";
import type { Climb, Steps } from "./climb.ts";

/** The gains of all candidates, kept while the set grows. */
export interface KeptGains {
  /** Float64 sums of float32 differences above the cover, corrected since they were last summed anew. */
  readonly gains: Float64Array;
  /** Whether the similarities were found to be symmetric while they were read. */
  readonly symmetric: boolean;
  /** Half of how far each rounding can take a gain from a sum anew. */
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
export type KeepGains = (similarity: Matrix, cover: Float32Array, columns: ColumnReader) => KeptGains;

/**
 * What the largest gain is multiplied with to make a unit. No correction takes less than one: a gain that stays the same says
 * that nothing was taken from it.
 */
export const UNIT: number = 2 ** -52;
