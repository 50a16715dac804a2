/** Sum of the `count` largest values, by Hoare's selection; reorders `values`. */
export function sumOfLargest(values: Float64Array, count: number): number {
  const kept = Math.min(count, values.length);
  if (kept < values.length && kept > 0) partition(values, kept - 1);
  let sum = 0;
  for (let t = kept - 1; t >= 0; t--) sum += values[t];
  return sum;
}

/** Reorders `values` so that none before `rank` is smaller, and none after it larger, than the one there. */
function partition(values: Float64Array, rank: number): void {
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
    else return;
  }
}
