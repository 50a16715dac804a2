import type { Gap } from "./line-gaps.ts";

/** A binary max-heap of gaps by gain. */
export interface GapHeap {
  push(gap: Gap): void;
  /** The gap of largest gain, left in place. */
  top(): Gap | undefined;
  pop(): Gap | undefined;
}

export function gapHeap(): GapHeap {
  const heap: Gap[] = [];
  return {
    top: () => heap[0],
    push(gap) {
      let at = heap.length;
      for (let above = (at - 1) >> 1; at > 0 && heap[above].gain < gap.gain; above = (at - 1) >> 1) {
        heap[at] = heap[above];
        at = above;
      }
      heap[at] = gap;
    },
    pop() {
      const first = heap[0];
      const last = heap.pop();
      if (last === undefined || heap.length === 0) return first;
      let at = 0;
      for (let below = 1; below < heap.length; below = 2 * at + 1) {
        if (below + 1 < heap.length && heap[below + 1].gain > heap[below].gain) below++;
        if (heap[below].gain <= last.gain) break;
        heap[at] = heap[below];
        at = below;
      }
      heap[at] = last;
      return first;
    },
  };
}
