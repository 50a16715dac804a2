import { moveLargestFirst } from "@colm/array";

/** Sum of the `count` largest values; reorders `values`. */
export function sumOfLargest(values: Float64Array, count: number): number {
  const kept = moveLargestFirst(values, count);
  let sum = 0;
  for (let t = kept.length - 1; t >= 0; t--) sum += kept[t];
  return sum;
}
