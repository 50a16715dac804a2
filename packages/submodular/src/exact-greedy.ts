import { fillGains, type Problem, type Run, requireGain, startRun } from "./greedy.ts";
import type { Selection } from "./selection.ts";

/** The certificate is tightened about this often in a run: each time costs a selection among all gains. */
const CHECKS = 8;

/** Adds the item of largest gain (or gain per cost), again and again (Nemhauser, Wolsey & Fisher 1978). */
export function exactGreedy(problem: Problem): Selection {
  const { constraint } = problem;
  const run = startRun(problem);
  const gains = new Float64Array(problem.f.size);
  const every = Math.max(1, Math.floor(constraint.capacity / CHECKS));
  if (run.evaluator.gains) run.evaluations += gains.length;
  fillGains(run, gains);
  for (let t = 0; constraint.open.includes(1); t++) {
    if (t % every === 0) run.tighten(gains);
    const best = findBest(run, gains, problem);
    if (!run.choose(best, gains[best])) break;
    fillGains(run, gains);
  }
  run.tighten(gains);
  return run.finish();
}

/** The open item of largest score under the rule for ties. Gains closer than their tolerance are settled first. */
function findBest(run: Run, gains: Float64Array, problem: Problem): number {
  const { open } = problem.constraint;
  const { costs, ties } = problem;
  const tolerance = run.evaluator.tolerance ?? 0;
  const close = costs ? closeByCost(gains, open, costs, tolerance) : closeByGain(gains, open, tolerance);
  const settle = run.evaluator.gains !== undefined;
  let best = -1;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const j of close) {
    if (settle) {
      gains[j] = requireGain(run.evaluator.gain(j), j);
      run.evaluations++;
    }
    const score = costs ? gains[j] / costs[j] : gains[j];
    if (best >= 0 && (score < bestScore || (ties === "low" && score === bestScore))) continue;
    best = j;
    bestScore = score;
  }
  return best;
}

/** Open items, ascending, whose gain may be the largest when each may be off by `tolerance`. */
function closeByGain(gains: Float64Array, open: Uint8Array, tolerance: number): number[] {
  let close: number[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < gains.length; j++) {
    // NaN goes on to be refused
    if (gains[j] < least || open[j] === 0) continue;
    requireGain(gains[j], j);
    const next = gains[j] - 2 * tolerance;
    if (next > least) {
      least = next;
      close = close.filter((other) => gains[other] >= least);
    }
    close.push(j);
  }
  return close;
}

/** The same for gains per cost. */
function closeByCost(
  gains: Float64Array,
  open: Uint8Array,
  costs: ArrayLike<number>,
  tolerance: number,
): number[] {
  const items = Array.from(open.keys()).filter((j) => open[j] === 1);
  let least = Number.NEGATIVE_INFINITY;
  for (const j of items) {
    least = Math.max(least, (requireGain(gains[j], j) - tolerance) / costs[j]);
  }
  return items.filter((j) => (gains[j] + tolerance) / costs[j] >= least);
}
