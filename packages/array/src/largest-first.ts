/**
 * Reorders values so that the `count` largest stand first, in no particular order.
 *
 * @param values - Numbers, none of them NaN. Reordered.
 * @param count - How many, a natural number; all where it is larger.
 * @returns The part of `values` that holds them, a view.
 * @remarks Hoare, "Algorithm 65: Find" (1961): O(n) on average.
 * @example
 * moveLargestFirst(Float64Array.of(1, 5, 2, 4), 2).toSorted(); // => Float64Array [4, 5]
 */
export function moveLargestFirst(values: Float64Array, count: number): Float64Array {
  const largest = values.subarray(0, count);
  if (largest.length === 0 || largest.length === values.length) return largest;
  const rank = count - 1;
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = values[(low + high) >> 1];
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[i] > pivot) i++;
      while (values[j] < pivot) j--;
      if (i <= j) {
        const larger = values[j];
        values[j--] = values[i];
        values[i++] = larger;
      }
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else break;
  }
  return largest;
}
