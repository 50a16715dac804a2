import { permutation, uniform } from "@colm/array";
import { total } from "./boundary.ts";

const ORDER_STREAM = 0;
const OFFSET_STREAM = 1;

/**
 * Proportional shares, each rounded up with the probability of its fractional part, the sum always the budget.
 * Systematic sampling: lay the fractional parts end to end in random order on a line of integer length and round up
 * those that cover a point of the lattice `offset + integers`. In units of `1 / sum` everything is an integer.
 */
export function balancedQuotas(counts: ArrayLike<number>, budget: number, seed: number): Int32Array {
  const shares = new Int32Array(counts.length);
  if (budget === 0) return shares;
  const sum = total(counts);
  const [draw] = uniform(new Float64Array(1), { seed, stream: OFFSET_STREAM });
  let position = Math.floor(draw * sum);
  for (const s of permutation(counts.length, { seed, stream: ORDER_STREAM })) {
    const share = counts[s] * budget;
    const fractional = share % sum;
    shares[s] = (share - fractional) / sum;
    position += fractional;
    if (position >= sum) {
      position -= sum;
      shares[s]++;
    }
  }
  return shares;
}
