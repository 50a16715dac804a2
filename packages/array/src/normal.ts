import { plainNormals } from "./box-muller.ts";
import { describe } from "./describe.ts";
import { drawKey } from "./philox.ts";
import { simdNormals } from "./simd/normals.ts";

/** Below this length the way into WebAssembly costs more than it saves. */
const SHORT = 24;

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
 *   the last bit: every JavaScript engine returns the same bits, and so does the WebAssembly SIMD that draws four blocks at a
 *   time where the platform has it. Takes O(length), and 64 kB once for the WebAssembly memory.
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
  const key = drawKey("normal", seed, stream, start, out.length, 0);
  if (out.length < SHORT || !simdNormals(out, key, start)) plainNormals(out, key, start);
  return out;
}
