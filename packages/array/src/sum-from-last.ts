/**
 * The float64 sum of values, from the last to the first.
 *
 * @param values - Numbers.
 * @returns `((values[n - 1] + values[n - 2]) + ...) + values[0]`, 0 of none: small terms first where values fall.
 * @example
 * sumFromLast([1, 2, 3]); // => 6
 */
export function sumFromLast(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = values.length - 1; i >= 0; i--) sum += values[i];
  return sum;
}
