import { type Heap, heapOf } from "@colm/array";
import { type Problem, requireGain, startRun } from "./greedy.ts";
import type { Selection } from "./selection.ts";
import type { Ties } from "./ties.ts";

/**
 * Greedy with gains from earlier steps as upper bounds: only the item with the largest bound (per cost) is looked
 * at again (Minoux 1978).
 */
export function lazyGreedy(problem: Problem): Selection {
  const { f, initial, constraint, costs, ties } = problem;
  const run = startRun(problem);
  const bounds = new Float64Array(f.size);
  // of its own: an evaluator that was asked for all gains would go on keeping them
  const first = f.start(initial);
  first.gains?.(bounds);
  for (let j = 0; j < f.size; j++) {
    if (run.inside[j] === 0) bounds[j] = requireGain(first.gains ? bounds[j] : first.gain(j), j);
  }
  run.evaluations += f.size;
  run.tighten(bounds);

  const scores = costs ? bounds.map((bound, j) => bound / costs[j]) : bounds;
  const heap = heapOf(scores, constraint.open, ties);
  while (heap.size > 0) {
    const item = heap.top();
    heap.pop();
    if (constraint.open[item] === 0) continue;
    const gain = requireGain(run.evaluator.gain(item), item);
    run.evaluations++;
    bounds[item] = gain;
    if (costs) scores[item] = gain / costs[item];
    if (heap.size > 0 && !isAccepted(item, heap, scores, ties)) {
      heap.push(item);
      continue;
    }
    if (!run.choose(item, gain)) break;
  }
  run.tighten(bounds);
  return run.finish();
}

/** Under "low" a tie goes to the lower index, as in exact greedy; under "high" to the item just evaluated. */
function isAccepted(item: number, heap: Heap, scores: Float64Array, ties: Ties): boolean {
  const next = heap.top();
  if (scores[item] !== scores[next]) return scores[item] > scores[next];
  return ties === "high" || item < next;
}
