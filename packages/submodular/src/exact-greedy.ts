import { fillGains, type Problem, type Run, requireGain, startRun } from "./greedy.ts";
import type { Selection } from "./selection.ts";

/** The certificate is tightened about this often in a run: each time costs a selection among all gains. */
const CHECKS = 32;

/** Adds the item of largest gain (or gain per cost), again and again (Nemhauser, Wolsey & Fisher 1978). */
export function exactGreedy(problem: Problem): Selection {
  const { constraint } = problem;
  const run = startRun(problem);
  const gains = new Float64Array(problem.f.size);
  const every = Math.max(1, Math.floor(constraint.capacity / CHECKS));
  if (run.evaluator.gains) run.evaluations += gains.length;
  fillGains(run, gains);
  for (let t = 0; constraint.open.includes(1); t++) {
    if (t % every === 0) run.certificate.tighten(run.value, gains);
    const best = findBest(run, gains, problem);
    if (!run.choose(best, gains[best])) break;
    fillGains(run, gains);
  }
  run.certificate.tighten(run.value, gains);
  return run.finish();
}

/** The open item of largest score under the rule for ties. Gains closer than their tolerance are settled first. */
function findBest(run: Run, gains: Float64Array, { constraint, costs, ties }: Problem): number {
  const { open } = constraint;
  const tolerance = run.evaluator.tolerance ?? 0;
  let top = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < gains.length; j++) {
    if (open[j] === 0) continue;
    const least = costs ? (gains[j] - tolerance) / costs[j] : gains[j] - tolerance;
    if (!(least <= top)) top = requireGain(least, j);
  }
  const settle = run.evaluator.gains !== undefined;
  let best = -1;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < gains.length; j++) {
    if (open[j] === 0 || (costs ? (gains[j] + tolerance) / costs[j] : gains[j] + tolerance) < top) continue;
    if (settle) {
      gains[j] = requireGain(run.evaluator.gain(j), j);
      run.evaluations++;
    }
    const score = costs ? gains[j] / costs[j] : gains[j];
    if (best < 0 || score > bestScore || (ties === "high" && score === bestScore))
      [best, bestScore] = [j, score];
  }
  return best;
}
