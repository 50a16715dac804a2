import { requireNatural } from "./require.ts";
import { wrongValue } from "./wrong-argument.ts";

/** 32-bit words of a Philox counter that name the draw: what is drawn, from which stream of which seed. */
export interface DrawKey {
  readonly seedLow: number;
  readonly seedHigh: number;
  readonly stream: number;
  readonly purpose: number;
}

const WORD = 2 ** 32;

/** What the even words of a counter are multiplied by in each round. */
export const MULTIPLIERS: readonly [number, number] = [0xd2511f53, 0xcd9e8d57];

/** Checks a seed, a stream and a position, and splits the seed into the two words of a Philox key. */
export function drawKey(
  caller: string,
  seed: number,
  stream: number,
  start: number,
  length: number,
  purpose: number,
): DrawKey {
  requireNatural(caller, "seed", seed);
  requireNatural(caller, "stream", stream, WORD - 1);
  requireNatural(caller, "start", start);
  const last = Number.MAX_SAFE_INTEGER - length;
  if (start > last) throw wrongValue(caller, "start", `be at most ${last}`, start);
  return { seedLow: seed >>> 0, seedHigh: Math.floor(seed / WORD), stream, purpose };
}

/** The four words of block `block` of a draw: `Philox4x32-10` at counter `(block, stream, purpose)`. */
export function drawBlock(out: Uint32Array, key: DrawKey, block: number): void {
  out[0] = block;
  out[1] = Math.floor(block / WORD);
  out[2] = key.stream;
  out[3] = key.purpose;
  philox(out, key.seedLow, key.seedHigh);
}

/**
 * Philox4x32-10: a bijection of 128-bit counters for each 64-bit key, whose values pass as random.
 *
 * @param counter - Four 32-bit words, replaced by the four random words.
 * @param key0 - Low word of the key.
 * @param key1 - High word of the key.
 * @remarks Salmon, Moraes, Dror & Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3" (SC 2011), sec. 3.3.
 *   Reproduces the authors' published test vectors. No state: any block can be drawn alone, in any order.
 * @example
 * const words = new Uint32Array(4);
 * philox(words, 0, 0);
 * words[0].toString(16); // => "6627e8d5"
 */
export function philox(counter: Uint32Array, key0: number, key1: number): void {
  let c0 = counter[0];
  let c1 = counter[1];
  let c2 = counter[2];
  let c3 = counter[3];
  let k0 = key0;
  let k1 = key1;
  const [multiplier0, multiplier1] = MULTIPLIERS;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(multiplier0, c0);
    const low0 = Math.imul(multiplier0, c0);
    const high1 = multiplyHigh(multiplier1, c2);
    const low1 = Math.imul(multiplier1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  counter[0] = c0;
  counter[1] = c1;
  counter[2] = c2;
  counter[3] = c3;
}

/** The upper 32 bits of the 64-bit product of two words, by 16-bit halves: nothing leaves the 32-bit integers. */
function multiplyHigh(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const cross = Math.imul(a1, b0);
  const other = Math.imul(a0, b1);
  const middle = (cross & 0xffff) + (other & 0xffff) + (Math.imul(a0, b0) >>> 16);
  return (Math.imul(a1, b1) + (cross >>> 16) + (other >>> 16) + (middle >>> 16)) | 0;
}
