import { describe } from "./describe.ts";
import { drawBlock, drawKey } from "./philox.ts";
import { requireNatural } from "./require.ts";

/**
 * Uniform draws, `out[i] ~ U[0, 1)` with 53 random bits, entry `i` a function of `(seed, stream, start + i)` alone.
 *
 * @param out - Filled with the draws; any length.
 * @param options - `seed`: integer in `[0, 2^53)`. `stream`: integer in `[0, 2^32)`, default 0. `start`: position
 *   of `out[0]`, a natural number, default 0; no position is above `2^53 - 1`.
 * @returns `out`.
 * @throws {TypeError} If `out` is no `Float64Array`.
 * @throws {RangeError} If an option is outside its range.
 * @remarks Two entries for each block of Philox4x32-10 (see `philox`), in counters apart from those of `normal`.
 * @example
 * const [u] = uniform(new Float64Array(1), { seed: 7 });
 * u >= 0 && u < 1; // => true
 */
export function uniform(
  out: Float64Array,
  options: { seed: number; stream?: number; start?: number },
): Float64Array {
  const { seed, stream = 0, start = 0 } = options;
  if (!(out instanceof Float64Array)) {
    throw new TypeError(`uniform: "out" must be a Float64Array, got ${describe(out)}`);
  }
  const key = drawKey("uniform", seed, stream, start, out.length, 1);
  const words = new Uint32Array(4);
  let drawn = -1;
  for (let i = 0; i < out.length; i++) {
    const position = start + i;
    const block = Math.floor(position / 2);
    if (block !== drawn) drawBlock(words, key, block);
    drawn = block;
    const lane = (position % 2) * 2;
    out[i] = ((words[lane] >>> 5) * 2 ** 26 + (words[lane + 1] >>> 6)) / 2 ** 53;
  }
  return out;
}

/**
 * A uniformly random order of `0 .. size - 1`.
 *
 * @param size - Number of items, a natural number.
 * @param options - `seed` and `stream` as for `uniform`.
 * @returns The order, a fresh array.
 * @throws {TypeError | RangeError} If `size` or an option is outside its range.
 * @remarks Fisher & Yates's shuffle (Durstenfeld, "Algorithm 235: Random permutation", 1964) on `uniform`; the
 *   rounding of 53 bits to `size` places biases a draw by less than `size / 2^53`.
 * @example
 * permutation(5, { seed: 3 }).toSorted(); // => [0, 1, 2, 3, 4]
 */
export function permutation(size: number, options: { seed: number; stream?: number }): Int32Array {
  requireNatural("permutation", "size", size, 2 ** 31 - 1);
  const order = Int32Array.from({ length: size }, (_, i) => i);
  const draws = uniform(new Float64Array(Math.max(0, size - 1)), options);
  for (let i = size - 1; i > 0; i--) {
    const j = Math.floor(draws[size - 1 - i] * (i + 1));
    const held = order[i];
    order[i] = order[j];
    order[j] = held;
  }
  return order;
}
