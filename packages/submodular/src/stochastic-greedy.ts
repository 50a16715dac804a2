import { uniform } from "@colm/array";
import { fillGains, type Problem, type Run, requireGain, startRun } from "./greedy.ts";
import type { Selection } from "./selection.ts";

/**
 * Greedy among a random sample of `(n / k) log(1 / epsilon)` open items in each step, drawn without replacement
 * (Mirzasoleiman et al. 2015).
 */
export function stochasticGreedy(problem: Problem, seed: number, epsilon: number): Selection {
  const { f, constraint } = problem;
  const run = startRun(problem);
  const { capacity } = constraint;
  const size = Math.ceil((f.size / Math.max(1, capacity)) * Math.log(1 / epsilon));
  const gains = new Float64Array(f.size);
  const certify = (): void => {
    fillGains(run, gains);
    run.tighten(gains);
  };

  if (f.submodular && !f.monotone) certify();
  for (let t = 0; constraint.open.includes(1); t++) {
    const sample = draw(constraint.open, size, seed, t);
    const best = findBest(run, gains, sample, problem);
    if (!run.choose(best, gains[best])) break;
  }
  if (f.submodular && f.monotone) certify();
  return run.finish();
}

/** `size` open items, or all of them when there are fewer: the first steps of a Fisher-Yates shuffle. */
function draw(open: Uint8Array, size: number, seed: number, step: number): Int32Array {
  const items = Int32Array.from(open.keys()).filter((j) => open[j] === 1);
  const count = Math.min(size, items.length);
  const draws = uniform(new Float64Array(count), { seed, stream: step });
  for (let t = 0; t < count; t++) {
    const other = t + Math.floor(draws[t] * (items.length - t));
    [items[t], items[other]] = [items[other], items[t]];
  }
  return items.subarray(0, count).sort();
}

function findBest(run: Run, gains: Float64Array, sample: Int32Array, { costs, ties }: Problem): number {
  let best = -1;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const j of sample) {
    gains[j] = requireGain(run.evaluator.gain(j), j);
    const score = costs ? gains[j] / costs[j] : gains[j];
    if (best < 0 || score > bestScore || (ties === "high" && score === bestScore))
      [best, bestScore] = [j, score];
  }
  run.evaluations += sample.length;
  return best;
}
