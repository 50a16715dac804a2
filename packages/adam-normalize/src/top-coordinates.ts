import { selectLargest } from "./select-largest.ts";

/** The coordinates of the largest scores of a stream, in memory that does not grow with the stream. */
export interface TopCoordinates {
  /** Offers coordinates `start .. start + length - 1` with their scores, at least 0; blocks come in ascending order. */
  offer(start: number, scores: Float32Array, length: number): void;
  /** The winners, ascending. */
  coordinates(): Int32Array;
}

/**
 * Keeps the `keep` largest scores, the lower coordinate where scores are equal.
 *
 * Candidates gather in room for twice as many and are cut back when it is full; each cut raises the bar that later
 * ones must pass. A later coordinate that merely equals the bar has lost already.
 */
export function topCoordinates(keep: number, dimension: number): TopCoordinates {
  const room = Math.min(2 * keep, dimension);
  const bits = new Int32Array(room);
  const coordinates = new Int32Array(room);
  let size = 0;
  let bar = -1;
  const cut = (): void => {
    if (size > keep) bar = selectLargest(bits, coordinates, size, keep);
    size = Math.min(size, keep);
  };
  return {
    offer(start, scores, length) {
      // the bits of floats of at least 0 have the order of the floats
      const offered = new Int32Array(scores.buffer, scores.byteOffset, length);
      let least = bar;
      for (let j = 0; j < length; j++) {
        const value = offered[j];
        if (value <= least) continue;
        if (size === room) {
          cut();
          least = bar;
          if (value <= least) continue;
        }
        bits[size] = value;
        coordinates[size++] = start + j;
      }
    },
    coordinates() {
      cut();
      return coordinates.slice(0, size);
    },
  };
}
