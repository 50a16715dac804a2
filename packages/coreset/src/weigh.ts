import { nonNegativeLeastSquares } from "./non-negative-least-squares.ts";
import { alikeTarget, type SubsetProblem, type Weighting } from "./subset-problem.ts";

/**
 * Weights of the kept and then the chosen rows, with the sum of their number.
 *
 * `"uniform"`: 1. `"cluster"`: a kept row stands for itself, a chosen one for itself and for the candidates that are nearest to
 * it (the earliest chosen of equals). `"matching"`: the non-negative weights whose mean is nearest to the target.
 */
export function weigh(weighting: Weighting, problem: SubsetProblem, chosen: ArrayLike<number>): Float32Array {
  const weights = new Float32Array(problem.kept.length + chosen.length).fill(1);
  if (weighting === "uniform" || weights.length === 0) return weights;
  if (weighting === "cluster") weights.set(clusterSizes(problem, chosen), problem.kept.length);
  else weights.set(matchingWeights(problem, chosen));
  return scaleToCount(weights);
}

/** The same proportions with the sum of the number of entries; all 1 where the sum is 0. */
function scaleToCount(weights: Float32Array): Float32Array {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return sum > 0 ? weights.map((weight) => (weight * weights.length) / sum) : weights.fill(1);
}

function matchingWeights(problem: SubsetProblem, chosen: ArrayLike<number>): Float64Array {
  const kernel = problem.weighingKernel();
  const support = [...problem.kept, ...Array.from(chosen)];
  return nonNegativeLeastSquares(kernel, alikeTarget(kernel, problem.target), support);
}

function clusterSizes(problem: SubsetProblem, chosen: ArrayLike<number>): Float64Array {
  const { candidates, target } = problem;
  const kernel = problem.weighingKernel();
  const n = target.length;
  const sizes = new Float64Array(chosen.length);
  const place = new Map(Array.from(chosen, (row, t) => [row, t]));
  for (const row of candidates) {
    let nearest = place.get(row) ?? -1;
    let most = Number.NEGATIVE_INFINITY;
    for (let t = 0; t < chosen.length && !place.has(row); t++) {
      // |x - y|^2 up to what does not depend on y; similarities have the same diagonal everywhere, so they order the same
      const alike = kernel[row * n + chosen[t]] - kernel[chosen[t] * n + chosen[t]] / 2;
      if (alike > most) {
        most = alike;
        nearest = t;
      }
    }
    if (nearest >= 0) sizes[nearest]++;
  }
  return sizes;
}
