import type { Constraint } from "./constraint.ts";

/** Items that `outside` marks with 1, whose costs sum to at most `budget`. */
export function knapsack(outside: Uint8Array, costs: ArrayLike<number>, budget: number): Constraint {
  const open = outside.map((free, j) => (costs[j] <= budget ? free : 0));
  let spent = 0;
  return {
    open,
    capacity: mostItems(costs, budget),
    free: 1,
    take(item) {
      spent += costs[item];
      open[item] = 0;
      for (let j = 0; j < open.length; j++) if (spent + costs[j] > budget) open[j] = 0;
    },
    relax: (gains) => fractional(gains, costs, budget),
  };
}

const SLACK = 1 + 2 ** -40;

/** How many of the cheapest items fit; the order of a sum may decide whether the last one does, so with a slack. */
function mostItems(costs: ArrayLike<number>, budget: number): number {
  const ascending = Float64Array.from(costs).sort();
  let spent = 0;
  let count = 0;
  while (count < ascending.length && spent + ascending[count] <= budget * SLACK) spent += ascending[count++];
  return count;
}

/** The best sum when items may be split: by falling gain per cost, the last one in part (Dantzig 1957). */
function fractional(gains: Float64Array, costs: ArrayLike<number>, budget: number): number {
  const items = Array.from(gains.keys()).filter((j) => gains[j] > 0 && costs[j] <= budget);
  items.sort((a, b) => gains[b] / costs[b] - gains[a] / costs[a]);
  let left = budget;
  let sum = 0;
  for (const j of items) {
    const share = Math.min(1, left / costs[j]);
    sum += share * gains[j];
    left -= share * costs[j];
    if (left <= 0) break;
  }
  return sum;
}
