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

/** Raises the cover to a column where that is above it, and lists where. */
export function collectRises(rises: Rises, column: Float32Array, cover: Float32Array): void {
  let count = 0;
  for (let i = 0; i < column.length; i++) {
    if (column[i] <= cover[i]) continue;
    rises.points[count] = i;
    rises.olds[count] = cover[i];
    rises.raised[count++] = column[i];
    cover[i] = column[i];
  }
  rises.count = count;
}
