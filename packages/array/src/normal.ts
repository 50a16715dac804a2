import { drawBlock, drawKey } from "./philox.ts";
import { describe } from "./require.ts";

/**
 * Standard normal draws, `out[i] ~ N(0, 1)`, entry `i` a function of `(seed, stream, start + i)` alone.
 *
 * @param out - Filled with the draws; any length.
 * @param options - `seed`: integer in `[0, 2^53)`. `stream`: integer in `[0, 2^32)`, default 0; streams of one
 *   seed are independent. `start`: position of `out[0]`, a natural number, default 0: any block of a
 *   long vector can be drawn alone, in any order, and equals that block of the whole.
 * @returns `out`.
 * @throws {TypeError} If `out` is no `Float32Array`.
 * @throws {RangeError} If an option is outside its range.
 * @remarks Box & Muller, "A Note on the Generation of Random Normal Deviates" (1958), on the words of
 *   Philox4x32-10: words (0, 1) give entries 0 and 1 of a block of four, words (2, 3) entries 2 and 3. Radius from
 *   32 bits, so |z| <= 6.67. Logarithm, sine and cosine are series of `+ - * /` and `sqrt`, which IEEE 754 fixes to
 *   the last bit, so every JavaScript engine returns the same bits. Takes O(length).
 * @example
 * const whole = normal(new Float32Array(8), { seed: 1 });
 * const tail = normal(new Float32Array(3), { seed: 1, start: 5 });
 * tail[0] === whole[5]; // => true
 */
export function normal(
  out: Float32Array,
  options: { seed: number; stream?: number; start?: number },
): Float32Array {
  const { seed, stream = 0, start = 0 } = options;
  if (!(out instanceof Float32Array)) {
    throw new TypeError(`normal: "out" must be a Float32Array, got ${describe(out)}`);
  }
  const key = drawKey("normal", seed, stream, start, 0);
  const words = new Uint32Array(4);
  const end = start + out.length;
  for (let block = Math.floor(start / 4); block * 4 < end; block++) {
    drawBlock(words, key, block);
    const first = block * 4 - start;
    boxMuller(out, first, words[0], words[1]);
    boxMuller(out, first + 2, words[2], words[3]);
  }
  return out;
}

/** Writes `r cos(a)` at `at` and `r sin(a)` behind it, as far as they lie in `out`. */
function boxMuller(out: Float32Array, at: number, radiusBits: number, angleBits: number): void {
  const radius = Math.sqrt(-2 * logOfShare(radiusBits + 1));
  // the upper two bits choose the quarter turn, the others an angle in [-pi/4, pi/4)
  const angle = (Math.PI / 2) * ((angleBits & 0x3fffffff) / 2 ** 30 - 0.5);
  const square = angle * angle;
  const sine = radius * angle * sineSeries(square);
  const cosine = radius * cosineSeries(square);
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
  const series = 1 / 3 + t * (1 / 5 + t * (1 / 7 + t * (1 / 9 + t * (1 / 11 + t * (1 / 13 + t / 15)))));
  return (upper - 32) * Math.LN2 + 2 * s * (1 + t * series);
}

/** `2^-e`. */
const POWERS: Float64Array = Float64Array.from({ length: 34 }, (_, e) => 2 ** -e);

/** `sin(a) / a` by `t = a^2 <= (pi/4)^2`, to 1e-13. */
function sineSeries(t: number): number {
  return 1 - (t / 6) * (1 - (t / 20) * (1 - (t / 42) * (1 - (t / 72) * (1 - (t / 110) * (1 - t / 156)))));
}

/** `cos(a)` by `t = a^2 <= (pi/4)^2`, to 1e-12. */
function cosineSeries(t: number): number {
  return 1 - (t / 2) * (1 - (t / 12) * (1 - (t / 30) * (1 - (t / 56) * (1 - (t / 90) * (1 - t / 132)))));
}
