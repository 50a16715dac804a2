import type { Climb, Steps } from "./climb.ts";
import { heapOf } from "./heap.ts";
import type { Evaluator } from "./set-function.ts";

/**
 * Steps of exact greedy on kept gains that never rise: a heap orders the items by what their gains were when they were
 * last on top, so that a step looks at few of them.
 */
export function climbByHeap(gains: Float64Array, evaluator: Evaluator, steps: Steps): Climb {
  const { most, ties, minGain } = steps;
  const open = steps.open.slice();
  const keys = gains.slice();
  const heap = heapOf(keys, open, ties);
  const near = new Int32Array(keys.length);
  const items = new Int32Array(most);
  const added = new Float64Array(most);
  let count = 0;
  let evaluations = 0;
  while (count < most && heap.size > 0) {
    const top = heap.top();
    if (open[top] === 0 || keys[top] !== gains[top]) {
      heap.pop();
      keys[top] = gains[top];
      if (open[top] === 1) heap.push(top);
      continue;
    }
    const { tolerance = 0 } = evaluator;
    const bar = gains[top] - tolerance;
    const found = heap.from(bar, tolerance, near);
    let close = 0;
    for (let t = 0; t < found; t++) {
      const j = near[t];
      if (open[j] === 1 && gains[j] + tolerance >= bar) near[close++] = j;
    }
    let best = top;
    // one alone that is not near the limit needs no second look
    if (close > 1 || bar < minGain) {
      let highest = Number.NEGATIVE_INFINITY;
      for (let t = 0; t < close; t++) {
        const gain = evaluator.gain(near[t]);
        if (gain < highest || (gain === highest && near[t] > best === (ties === "low"))) continue;
        highest = gain;
        best = near[t];
      }
      evaluations += close;
      if (highest < minGain) break;
    }
    evaluator.add(best);
    open[best] = 0;
    items[count] = best;
    added[count++] = evaluator.added ?? 0;
  }
  return { count, items, gains: added, evaluations };
}
