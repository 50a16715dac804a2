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

/** Rises that go together at most. */
export const GROUP = 8;

const exponent = new Float32Array(1);
const bits = new Int32Array(exponent.buffer);

/** 2^24 units in the last place of `low`: float32 holds every multiple of such a unit up to here. */
function reach(low: number): number {
  exponent[0] = low;
  bits[0] &= 0x7f800000;
  return 2 * exponent[0];
}

/**
 * Where the rises end that go together with the one at `first`: as long as their sum and `slack` are within reach of the
 * lowest cover, all that they take from a gain is a float32 sum without rounding. The slack is for the differences
 * themselves, which are rounded: 2^-20 of the largest one covers a group.
 */
export function endOfGroup({ olds, raised, count }: Rises, first: number, slack: number): number {
  const most = Math.min(count, first + GROUP);
  let low = olds[first];
  let sum = slack;
  let next = first;
  for (; next < most; next++) {
    low = Math.min(low, olds[next]);
    sum += raised[next] - olds[next];
    if (sum > reach(low)) break;
  }
  return Math.max(next, first + 1);
}
