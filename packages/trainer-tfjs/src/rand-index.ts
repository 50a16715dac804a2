/**
 * Adjusted Rand index of two partitions of the same items: `(I - E) / (M - E)` with `I = sum_ij C(n_ij, 2)` the pairs that both keep
 * together, `E = A B / C(n, 2)` what chance would keep, `M = (A + B) / 2`, `A` and `B` the pairs that each keeps together.
 *
 * @param a - A label for each item, an integer of at least 0.
 * @param b - The same of the other partition, as long.
 * @returns 1 where both are the same up to names, about 0 where they have nothing to do with each other; 1 where neither divides anything.
 * @throws {RangeError} If the lengths differ or there is no item.
 * @remarks Hubert & Arabie, "Comparing partitions" (1985), eq. 5. O(n).
 * @example
 * adjustedRandIndex([0, 0, 1, 1], [7, 7, 3, 3]); // => 1
 * adjustedRandIndex([0, 0, 1, 1], [0, 1, 0, 1]); // => -0.5
 */
export function adjustedRandIndex(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length || a.length === 0) {
    throw new RangeError(
      `adjustedRandIndex: "b" must have as many labels as "a", at least 1, got ${b.length} and ${a.length}`,
    );
  }
  const together = pairs(a.length, (i) => `${a[i]} ${b[i]}`);
  const inA = pairs(a.length, (i) => a[i]);
  const inB = pairs(a.length, (i) => b[i]);
  const chance = a.length > 1 ? (inA * inB) / ((a.length * (a.length - 1)) / 2) : 0;
  const most = (inA + inB) / 2;
  return most === chance ? 1 : (together - chance) / (most - chance);
}

/** Pairs of items with the same name. */
function pairs(count: number, nameOf: (i: number) => string | number): number {
  const sizes = new Map<string | number, number>();
  for (let i = 0; i < count; i++) sizes.set(nameOf(i), (sizes.get(nameOf(i)) ?? 0) + 1);
  return [...sizes.values()].reduce((sum, size) => sum + (size * (size - 1)) / 2, 0);
}
