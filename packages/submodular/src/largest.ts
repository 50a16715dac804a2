import { moveLargestFirst, sumFromLast } from "@colm/array";

/** Sum of the `count` largest values; reorders `values`. */
export function sumOfLargest(values: Float64Array, count: number): number {
  return sumFromLast(moveLargestFirst(values, count));
}
