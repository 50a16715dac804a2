/** Points whose cover rises: the first `count` entries of each array. */
export interface Rises {
  readonly points: Int32Array;
  readonly olds: Float32Array;
  readonly raised: Float32Array;
  count: number;
}

/** Room for the rises of `points` points. */
export function openRises(points: number): Rises {
  return {
    points: new Int32Array(points),
    olds: new Float32Array(points),
    raised: new Float32Array(points),
    count: 0,
  };
}

/**
 * Raises the cover to a column, from the last point to the first; returns what that brings, a float64 sum of float32
 * differences, and lists where it happens if there is room.
 */
export function raiseCover(cover: Float32Array, column: Float32Array, rises?: Rises): number {
  let gain = 0;
  if (rises) rises.count = 0;
  for (let i = column.length - 1; i >= 0; i--) {
    if (column[i] <= cover[i]) continue;
    gain += Math.fround(column[i] - cover[i]);
    if (rises) {
      rises.points[rises.count] = i;
      rises.olds[rises.count] = cover[i];
      rises.raised[rises.count++] = column[i];
    }
    cover[i] = column[i];
  }
  return gain;
}
