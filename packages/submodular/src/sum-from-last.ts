/** The float64 sum of values, from the last to the first. */
export function sumFromLast(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = values.length - 1; i >= 0; i--) sum += values[i];
  return sum;
}
