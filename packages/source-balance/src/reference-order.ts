/** Ranges of at most this many positions plus one are sorted by insertion. */
const INSERTION = 16;

/**
 * Positions of `values` in ascending order, equal values in the order in which the reference implementation meets them.
 *
 * Up to 16 values that is the order of the positions. Beyond, its sorting routine is a quicksort with median of three and
 * Hoare's partition, which is not stable, and on the many equal shares of many small sources its order decides
 * who is given one more. This is the same sequence of exchanges.
 */
export function referenceOrder(values: ArrayLike<number>): number[] {
  const order = Array.from({ length: values.length }, (_, i) => i);
  const pending: Range[] = [{ low: 0, high: values.length - 1 }];
  for (let range = pending.pop(); range !== undefined; range = pending.pop()) {
    let { low, high } = range;
    while (high - low > INSERTION) {
      const pivot = partition(order, values, low, high);
      const below = { low, high: pivot - 1 };
      const above = { low: pivot + 1, high };
      const isAboveLarger = pivot - low < high - pivot;
      pending.push(isAboveLarger ? above : below);
      ({ low, high } = isAboveLarger ? below : above);
    }
    insert(order, values, low, high);
  }
  return order;
}

interface Range {
  readonly low: number;
  readonly high: number;
}

/** Puts the median of first, middle and last where it belongs, smaller ones before it and larger ones behind. */
function partition(order: number[], values: ArrayLike<number>, low: number, high: number): number {
  const middle = low + ((high - low) >> 1);
  const isLess = (a: number, b: number): boolean => values[order[a]] < values[order[b]];
  if (isLess(middle, low)) exchange(order, middle, low);
  if (isLess(high, middle)) exchange(order, high, middle);
  if (isLess(middle, low)) exchange(order, middle, low);
  const pivot = values[order[middle]];
  exchange(order, middle, high - 1);
  let left = low;
  let right = high - 1;
  for (;;) {
    do left++;
    while (values[order[left]] < pivot);
    do right--;
    while (pivot < values[order[right]]);
    if (left >= right) break;
    exchange(order, left, right);
  }
  exchange(order, left, high - 1);
  return left;
}

function insert(order: number[], values: ArrayLike<number>, low: number, high: number): void {
  for (let next = low + 1; next <= high; next++) {
    const position = order[next];
    let to = next;
    for (; to > low && values[position] < values[order[to - 1]]; to--) order[to] = order[to - 1];
    order[to] = position;
  }
}

function exchange(order: number[], a: number, b: number): void {
  const held = order[a];
  order[a] = order[b];
  order[b] = held;
}
