import { type Problem, type Run, requireGain, startRun } from "./greedy.ts";
import type { Selection } from "./selection.ts";

/** The certificate is tightened about this often in a run: each time costs a selection among all gains. */
const CHECKS = 32;

/** Adds the item of largest gain, again and again (Nemhauser, Wolsey & Fisher 1978). */
export function exactGreedy(problem: Problem, expected: number): Selection {
  const { constraint, minGain } = problem;
  const run = startRun(problem);
  const gains = new Float64Array(problem.f.size);
  const every = Math.max(1, Math.floor(expected / CHECKS));
  if (run.evaluator.gains) run.evaluations += gains.length;
  fillGains(run, gains);
  for (let t = 0; constraint.open.includes(1); t++) {
    if (t % every === 0) run.certificate.tighten(run.value, gains);
    const best = findBest(run, gains, problem);
    if (gains[best] < minGain || gains[best] === Number.NEGATIVE_INFINITY) break;
    run.choose(best, gains[best]);
    fillGains(run, gains);
  }
  run.certificate.tighten(run.value, gains);
  return run.finish();
}

/** The gain of every item outside the set, 0 for those inside. */
function fillGains(run: Run, gains: Float64Array): void {
  const { evaluator, inside } = run;
  if (evaluator.gains) {
    evaluator.gains(gains);
    for (let j = 0; j < gains.length; j++) if (inside[j] === 1) gains[j] = 0;
    return;
  }
  for (let j = 0; j < gains.length; j++) {
    gains[j] = inside[j] === 1 ? 0 : requireGain(evaluator.gain(j), j);
    run.evaluations += 1 - inside[j];
  }
}

/** The open item of largest gain under the rule for ties. Gains closer than their tolerance are settled first. */
function findBest(run: Run, gains: Float64Array, problem: Problem): number {
  const { open } = problem.constraint;
  let top = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < gains.length; j++) {
    if (open[j] === 1 && !(gains[j] <= top)) top = requireGain(gains[j], j);
  }
  const settle = run.evaluator.gains !== undefined;
  const close = top - 2 * (run.evaluator.tolerance ?? 0);
  let best = -1;
  for (let j = 0; j < gains.length; j++) {
    if (open[j] === 0 || gains[j] < close) continue;
    if (settle) {
      gains[j] = requireGain(run.evaluator.gain(j), j);
      run.evaluations++;
    }
    const better = best < 0 || gains[j] > gains[best];
    if (better || (problem.ties === "high" && gains[j] === gains[best])) best = j;
  }
  return best;
}
