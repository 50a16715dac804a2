import type { Climb, Steps } from "./climb.ts";
import type { Evaluator } from "./set-function.ts";

/**
 * Takes steps of exact greedy on kept gains that never rise: of each block of items the largest gain is known as it was
 * when the block was last looked at, so that a step looks at few of them.
 */
export function openClimb(gains: Float64Array, evaluator: Evaluator): (steps: Steps) => Climb {
  const size = gains.length;
  /** Items in a row that share one bound. */
  const width = Math.max(16, Math.ceil(Math.sqrt(size)));
  const bounds = new Float64Array(Math.ceil(size / width));
  const open = new Uint8Array(size);
  const near = new Int32Array(size);

  const largestOf = (block: number): number => {
    const end = Math.min(size, (block + 1) * width);
    let largest = Number.NEGATIVE_INFINITY;
    for (let j = block * width; j < end; j++) if (gains[j] > largest && open[j] === 1) largest = gains[j];
    return largest;
  };
  /** The largest gain of all: a bound that is met and that no other bound is above. */
  const largest = (): number => {
    for (;;) {
      let top = 0;
      for (let b = 1; b < bounds.length; b++) if (bounds[b] > bounds[top]) top = b;
      const bound = bounds[top];
      bounds[top] = largestOf(top);
      if (bounds[top] === bound) return bound;
    }
  };
  /** Lists the open items in `near`, ascending, whose gain is `bar` or may be with `slack` more; returns how many. */
  const find = (bar: number, slack: number): number => {
    let found = 0;
    for (let b = 0; b < bounds.length; b++) {
      if (bounds[b] + slack < bar) continue;
      const end = Math.min(size, (b + 1) * width);
      for (let j = b * width; j < end; j++) if (gains[j] + slack >= bar && open[j] === 1) near[found++] = j;
    }
    return found;
  };

  return (steps) => {
    const { most, ties, minGain } = steps;
    open.set(steps.open);
    bounds.fill(Number.POSITIVE_INFINITY);
    const items: number[] = [];
    const added: number[] = [];
    let evaluations = 0;
    while (items.length < most) {
      const { tolerance = 0 } = evaluator;
      const bar = largest() - tolerance;
      const found = find(bar, tolerance);
      if (found === 0) break;
      let [best] = near;
      // one alone that is not near the limit needs no second look
      if (found > 1 || bar < minGain) {
        let highest = Number.NEGATIVE_INFINITY;
        for (let t = 0; t < found; t++) {
          const gain = evaluator.gain(near[t]);
          // which may have raised the kept one by a rounding
          bounds[Math.floor(near[t] / width)] = Number.POSITIVE_INFINITY;
          if (gain < highest || (gain === highest && ties === "low")) continue;
          highest = gain;
          best = near[t];
        }
        evaluations += found;
        if (highest < minGain) break;
      }
      evaluator.add(best);
      open[best] = 0;
      items.push(best);
      added.push(evaluator.added ?? 0);
    }
    return { count: items.length, items, gains: added, evaluations };
  };
}
