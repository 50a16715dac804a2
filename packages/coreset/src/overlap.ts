import { requireIndices } from "@colm/array";

/**
 * How much two choices share, `|A and B| / |A or B|` (Jaccard); 1 for two empty ones.
 *
 * @param a - Indices, distinct, of at least 0. Only read.
 * @param b - The same of another choice from the same pool. Only read.
 * @returns A number in [0, 1].
 * @throws {TypeError | RangeError} If an entry is no index or stands twice.
 * @remarks Two random choices of half of a pool share about a third. O(a + b).
 * @example
 * overlap([3, 1, 2], [2, 5, 3]); // => 0.5
 */
export function overlap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  requireIndices("overlap", "a", a, 2 ** 31);
  requireIndices("overlap", "b", b, 2 ** 31);
  const first = new Set(Array.from(a));
  let shared = 0;
  for (let t = 0; t < b.length; t++) if (first.has(b[t])) shared++;
  const all = a.length + b.length - shared;
  return all === 0 ? 1 : shared / all;
}
