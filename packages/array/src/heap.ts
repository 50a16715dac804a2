/** A binary heap of items, the one with the largest key on top. */
export interface Heap {
  /** Number of items inside. */
  readonly size: number;
  /** The item on top. Means nothing when there is none. */
  top(): number;
  /** Takes out the item on top. */
  pop(): void;
  /** Puts an item in that is outside. */
  push(item: number): void;
}

/**
 * A binary heap of items by their keys.
 *
 * @param keys - A key for each item, none of them NaN. Kept: one may change while its item is outside.
 * @param open - 1 for the items that are inside from the start.
 * @param ties - Whether the lower or the higher of items with equal keys stands above the other.
 * @returns The heap, `open`'s items in it.
 * @remarks Williams, "Algorithm 232: Heapsort" (1964); the start takes O(keys) as in Floyd, "Treesort 3" (1964), `pop` and
 * `push` O(log keys), `top` O(1).
 * @example
 * const heap = heapOf(Float64Array.of(3, 5, 5), Uint8Array.of(1, 1, 1), "low");
 * heap.top(); // => 1
 */
export function heapOf(keys: Float64Array, open: Uint8Array, ties: "low" | "high"): Heap {
  const items = new Int32Array(keys.length);
  const high = ties === "high";
  let size = 0;
  for (let j = 0; j < keys.length; j++) if (open[j] === 1) items[size++] = j;

  const above = (a: number, b: number): boolean =>
    keys[a] > keys[b] || (keys[a] === keys[b] && (high ? a > b : a < b));

  const sink = (start: number): void => {
    const item = items[start];
    let place = start;
    for (let child = 2 * place + 1; child < size; child = 2 * place + 1) {
      if (child + 1 < size && above(items[child + 1], items[child])) child++;
      if (!above(items[child], item)) break;
      items[place] = items[child];
      place = child;
    }
    items[place] = item;
  };
  for (let place = (size >> 1) - 1; place >= 0; place--) sink(place);

  return {
    get size() {
      return size;
    },
    top: () => items[0],
    pop() {
      items[0] = items[--size];
      if (size > 0) sink(0);
    },
    push(item) {
      let place = size++;
      while (place > 0 && above(item, items[(place - 1) >> 1])) {
        items[place] = items[(place - 1) >> 1];
        place = (place - 1) >> 1;
      }
      items[place] = item;
    },
  };
}
