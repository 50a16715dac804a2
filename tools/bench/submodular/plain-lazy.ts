import type { Matrix } from "@colm/array";

/** What a plain lazy greedy chose, and how many gains it computed. */
export interface PlainSelection {
  readonly indices: Int32Array;
  readonly evaluations: number;
}

/**
 * Lazy greedy as it is usually written, for the comparison: a heap of outdated gains, the top one summed anew over all
 * points (of a symmetric row-major matrix, so that a row is a column). The lower index first on ties.
 */
export function plainLazy({ data, shape }: Matrix, count: number): PlainSelection {
  const [n] = shape;
  const cover = new Float32Array(n);
  const bounds = new Float64Array(n);
  const heap = Int32Array.from({ length: n }, (_, j) => j);
  let size = n;
  let evaluations = 0;
  const gain = (item: number): number => {
    evaluations++;
    let sum = 0;
    for (let i = n - 1, at = item * n + n - 1; i >= 0; i--, at--) {
      if (data[at] > cover[i]) sum += Math.fround(data[at] - cover[i]);
    }
    return sum;
  };
  const above = (a: number, b: number): boolean =>
    bounds[a] > bounds[b] || (bounds[a] === bounds[b] && a < b);
  const sink = (start: number): void => {
    const item = heap[start];
    let place = start;
    for (let child = 2 * place + 1; child < size; child = 2 * place + 1) {
      if (child + 1 < size && above(heap[child + 1], heap[child])) child++;
      if (!above(heap[child], item)) break;
      heap[place] = heap[child];
      place = child;
    }
    heap[place] = item;
  };
  for (let j = 0; j < n; j++) bounds[j] = gain(j);
  for (let place = (size >> 1) - 1; place >= 0; place--) sink(place);

  const indices = new Int32Array(count);
  for (let t = 0; t < count; ) {
    const item = heap[0];
    bounds[item] = gain(item);
    sink(0);
    if (heap[0] !== item) continue;
    indices[t++] = item;
    for (let i = 0; i < n; i++) cover[i] = Math.max(cover[i], data[item * n + i]);
    heap[0] = heap[--size];
    sink(0);
  }
  return { indices, evaluations };
}
