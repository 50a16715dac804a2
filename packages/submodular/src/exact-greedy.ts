import { fillGains, type Problem, type Run, requireGain, startRun } from "./greedy.ts";
import type { Selection } from "./selection.ts";

/** The certificate is tightened about this often in a run: each time costs a selection among all gains. */
const CHECKS = 4;

/** Steps at most between two looks at the signal. */
const TOGETHER = 32;

/** Adds the item of largest gain (or gain per cost), again and again (Nemhauser, Wolsey & Fisher 1978). */
export function exactGreedy(problem: Problem): Selection {
  const { constraint } = problem;
  const run = startRun(problem);
  const gains = new Float64Array(problem.f.size);
  const every = Math.max(1, Math.floor(constraint.capacity / CHECKS));
  if (run.evaluator.gains) run.evaluations += gains.length;
  const step = (most: number): boolean => {
    const together = Math.min(most, constraint.free, TOGETHER);
    if (run.evaluator.climb && !problem.costs && together > 1) return run.climb(together);
    const best = findBest(run, gains, problem);
    return run.choose(best, gains[best]);
  };
  fillGains(run, gains);
  for (let next = 0; constraint.open.includes(1); ) {
    if (run.size >= next) {
      run.tighten(gains);
      next += every;
    }
    const more = step(next - run.size);
    if (more || run.evaluator.gains) fillGains(run, gains);
    if (!more) break;
  }
  run.tighten(gains);
  return run.finish();
}

/** The open item of largest score under the rule for ties. Gains closer than their tolerance are settled first. */
function findBest(run: Run, gains: Float64Array, problem: Problem): number {
  const { constraint, costs, ties, minGain } = problem;
  const { evaluator } = run;
  const tolerance = evaluator.tolerance ?? 0;
  const close = closest(gains, constraint.open, costs, tolerance);
  // one alone that is not near the limit needs no second look: its gain is known once it is added
  const alone = close.length === 1 && "added" in evaluator && gains[close[0]] - tolerance >= minGain;
  const settle = evaluator.gains !== undefined && !alone;
  let best = -1;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const j of close) {
    if (settle) {
      gains[j] = requireGain(evaluator.gain(j), j);
      run.evaluations++;
    }
    const score = costs ? gains[j] / costs[j] : gains[j];
    if (best >= 0 && (score < bestScore || (ties === "low" && score === bestScore))) continue;
    best = j;
    bestScore = score;
  }
  return best;
}

/** The open items whose gain (per cost) may be the largest when each may be off by `tolerance`. */
function closest(
  gains: Float64Array,
  open: Uint8Array,
  costs: ArrayLike<number> | undefined,
  tolerance: number,
): number[] {
  let least = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < gains.length; j++) {
    if (open[j] === 0) continue;
    const sure = requireGain(gains[j], j) - tolerance;
    least = Math.max(least, costs ? sure / costs[j] : sure);
  }
  const close: number[] = [];
  for (let j = 0; j < gains.length; j++) {
    if (open[j] === 0) continue;
    const most = gains[j] + tolerance;
    if ((costs ? most / costs[j] : most) >= least) close.push(j);
  }
  return close;
}
