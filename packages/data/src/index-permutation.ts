import { philox } from "@colm/array";

/** Which order: seed and stream as everywhere, and the pass over the items. */
export interface PermutationKey {
  readonly seed: number;
  readonly stream: number;
  readonly pass: number;
}

const ROUNDS = 8;
const WORD = 2 ** 32;
/** Keeps these draws apart from the other purposes of Philox counters in `@colm/array`. */
const PURPOSE = 0x50455200;

/**
 * Item `place` of a shuffled order of `0 … size - 1`, without the others: a Feistel network on the grid `a × b ≥ size`,
 * `a = ceil(sqrt(size))`, `b = ceil(size / a)`, walked until it lands on an item.
 *
 * A round adds to one coordinate a Philox word of the other: `(l, r) → (r, l + F(r) mod a)`, then the same with `b`. Every
 * round can be undone, so the whole is a permutation of the grid, and the walk one of its first `size` cells.
 *
 * Black & Rogaway, "Ciphers with Arbitrary Finite Domains" (CT-RSA 2002), methods 2 and 3; 8 rounds. O(1): less than one
 * cell in `b` is no item, so the walk has 1 + 1 / b steps on average.
 */
export function permuted(place: number, size: number, key: PermutationKey): number {
  const a = Math.ceil(Math.sqrt(size));
  const b = Math.ceil(size / a);
  let cell = place;
  do cell = network(cell, a, b, key);
  while (cell >= size);
  return cell;
}

function network(cell: number, a: number, b: number, { seed, stream, pass }: PermutationKey): number {
  const words = new Uint32Array(4);
  let left = cell % a;
  let right = Math.floor(cell / a);
  for (let round = 0; round < ROUNDS; round++) {
    const modulus = round % 2 === 0 ? a : b;
    words[0] = right;
    words[1] = pass;
    words[2] = stream;
    words[3] = PURPOSE + round;
    philox(words, seed >>> 0, Math.floor(seed / WORD));
    const drawn = (words[0] * 2 ** 21 + (words[1] >>> 11)) % modulus;
    const next = (left + drawn) % modulus;
    left = right;
    right = next;
  }
  return right * a + left;
}
