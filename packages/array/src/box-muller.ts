import { type DrawKey, drawBlock } from "./philox.ts";

/**
 * The constants of the transform in float64, one table for the plain code here and for `assembly/box-muller.ts`: eight
 * numbers of the logarithm and the angle, then the series of `artanh(s) / s` in `s^2`, of `sin(a) / a` and of `cos(a)`
 * in `a^2`, then one half.
 */
export const SERIES: Float64Array = Float64Array.of(
  ...[1, Math.SQRT2, 2 ** 52, 2 ** 52 + 1023 + 32, Math.LN2, -2, 2 ** -30, Math.PI / 2],
  ...[1, 1 / 3, 1 / 5, 1 / 7, 1 / 9, 1 / 11, 1 / 13, 1 / 15],
  ...[1, -1 / 6, 1 / 120, -1 / 5040, 1 / 362880, -1 / 39916800, 1 / 6227020800],
  ...[1, -1 / 2, 1 / 24, -1 / 720, 1 / 40320, -1 / 3628800, 1 / 479001600],
  0.5,
);

/** Normals of the positions `start ..` of a key, by plain arithmetic. */
export function plainNormals(out: Float32Array, key: DrawKey, start: number): void {
  const words = new Uint32Array(4);
  const end = start + out.length;
  for (let block = Math.floor(start / 4); block * 4 < end; block++) {
    drawBlock(words, key, block);
    const first = block * 4 - start;
    boxMuller(out, first, words[0], words[1]);
    boxMuller(out, first + 2, words[2], words[3]);
  }
}

/** Writes `r cos(a)` at `at` and `r sin(a)` behind it, as far as they lie in `out`. */
function boxMuller(out: Float32Array, at: number, radiusBits: number, angleBits: number): void {
  const radius = Math.sqrt(-2 * logOfShare(radiusBits + 1));
  // the upper two bits choose the quarter turn, the others an angle in [-pi/4, pi/4)
  const angle = (Math.PI / 2) * ((angleBits & 0x3fffffff) / 2 ** 30 - 0.5);
  const square = angle * angle;
  const sine = radius * angle * polynomial(square, 16, SERIES[22]);
  const cosine = radius * polynomial(square, 23, SERIES[29]);
  const quarter = angleBits >>> 30;
  const x = quarter === 0 ? cosine : quarter === 1 ? -sine : quarter === 2 ? -cosine : sine;
  const y = quarter === 0 ? sine : quarter === 1 ? cosine : quarter === 2 ? -sine : -cosine;
  if (at >= 0 && at < out.length) out[at] = x;
  if (at + 1 >= 0 && at + 1 < out.length) out[at + 1] = y;
}

/** `log(v / 2^32)` for an integer `v` in `[1, 2^32]`: `v = m 2^e` with m in [1/sqrt2, sqrt2), `log m = 2 artanh((m - 1) / (m + 1))`. */
function logOfShare(v: number): number {
  const top = v === 2 ** 32 ? 32 : 31 - Math.clz32(v);
  const upper = v * POWERS[top] >= Math.SQRT2 ? top + 1 : top;
  const m = v * POWERS[upper];
  const s = (m - 1) / (m + 1);
  const t = s * s;
  return (upper - 32) * Math.LN2 + 2 * s * polynomial(t, 8, SERIES[14] + t * SERIES[15]);
}

/** `2^-e`. */
const POWERS: Float64Array = Float64Array.from({ length: 34 }, (_, e) => 2 ** -e);

/** `c[first] + c[first + 1] t + ... + c[first + 5] t^5 + last t^6`, c the table, in the order of `assembly/box-muller.ts`. */
function polynomial(t: number, first: number, last: number): number {
  const square = t * t;
  const low = SERIES[first] + t * SERIES[first + 1];
  const middle = SERIES[first + 2] + t * SERIES[first + 3];
  const high = SERIES[first + 4] + t * SERIES[first + 5];
  return low + square * middle + square * square * (high + square * last);
}
