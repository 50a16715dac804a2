import type { Ties } from "./ties.ts";

/** A binary heap of items with the largest key on top; equal keys stand in the order of the rule for ties. */
export interface Heap {
  readonly size: number;
  top(): number;
  pop(): void;
  push(item: number): void;
}

/** A heap of the items that `open` marks with 1. Keys may change only while their item is outside. */
export function heapOf(keys: Float64Array, open: Uint8Array, ties: Ties): Heap {
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
