import { total } from "./boundary.ts";
import { referenceOrder } from "./reference-order.ts";

/** Shares rounded down (or up), the missing rest given to the smallest (the surplus taken from the largest). */
export function proportionalQuotas(
  counts: ArrayLike<number>,
  budget: number,
  rounding: "floor" | "ceil",
): Int32Array {
  const shares = new Int32Array(counts.length);
  if (budget === 0) return shares;
  const sum = total(counts);
  let missing = budget;
  for (let s = 0; s < counts.length; s++) {
    // floor and ceil of a quotient of integers below 2^53 are exact
    const share = (counts[s] * budget) / sum;
    shares[s] = rounding === "floor" ? Math.floor(share) : Math.ceil(share);
    missing -= shares[s];
  }
  const present = Array.from(shares.keys()).filter((s) => counts[s] > 0);
  const ascending = referenceOrder(present.map((s) => shares[s])).map((at) => present[at]);
  const order = rounding === "floor" ? ascending : ascending.reverse();
  while (missing !== 0) {
    for (const s of order) {
      if (missing > 0 && shares[s] < counts[s]) {
        shares[s]++;
        missing--;
      } else if (missing < 0 && shares[s] > 0) {
        shares[s]--;
        missing++;
      }
    }
  }
  return shares;
}

/**
 * Shares rounded down, and one more for the sources with the largest remainders, the lower of equals: Hamilton's method. In
 * units of `1 / sum` the remainders are integers, so no rounding decides. Each share is within 1 of its exact value.
 */
export function largestRemainderQuotas(counts: ArrayLike<number>, budget: number): Int32Array {
  const shares = new Int32Array(counts.length);
  if (budget === 0) return shares;
  const sum = total(counts);
  const remainders = Array.from(shares, (_, s) => (counts[s] * budget) % sum);
  let missing = budget;
  for (let s = 0; s < counts.length; s++) {
    shares[s] = (counts[s] * budget - remainders[s]) / sum;
    missing -= shares[s];
  }
  const falling = Array.from(shares.keys()).sort((a, b) => remainders[b] - remainders[a] || a - b);
  for (const s of falling.slice(0, missing)) shares[s]++;
  return shares;
}
