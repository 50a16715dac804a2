import { nonNegativeLeastSquares } from "../non-negative-least-squares.ts";
import { alikeTarget, type SubsetMethod, type SubsetProblem } from "../subset-problem.ts";

/**
 * GRAD-MATCH: orthogonal matching pursuit, `min_w |sum_i w_i g_i - mu|^2 + lambda |w|^2` over non-negative weights of at most b
 * examples: add the example whose gradient is most alike the residual, solve for all weights again, repeat.
 *
 * Killamsetty et al., "GRAD-MATCH: gradient matching based data subset selection for efficient deep model training" (ICML
 * 2021), algorithm 2; lambda is a thousandth of the mean squared length. Deviations: weights are made to sum to the budget, as
 * those of every method, and it goes on to exactly b examples when weights are 0 already. O(b^4) at most for the solutions, O(b n) beside.
 */
export const gradMatch: SubsetMethod = {
  metric: "dot",
  weighting: "matching",
  draws: false,
  comparesPairs: true,
  ignoresShift: false,
  choose: pursue,
};

function pursue({ kernel, kept, candidates, count, target }: SubsetProblem): Int32Array {
  const size = target.length;
  const products = kernel();
  const alike = alikeTarget(products, target);
  const support = Array.from(kept);
  let weights: Float64Array = new Float64Array(support.length);
  const isFree = new Uint8Array(size);
  for (const row of candidates) isFree[row] = 1;
  while (support.length < kept.length + count) {
    let best = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (const row of candidates) {
      if (isFree[row] === 0) continue;
      let residual = alike[row];
      for (const [t, chosen] of support.entries()) residual -= weights[t] * products[row * size + chosen];
      if (residual > most || best < 0) {
        most = residual;
        best = row;
      }
    }
    isFree[best] = 0;
    support.push(best);
    weights = nonNegativeLeastSquares(products, alike, support, weights);
  }
  return Int32Array.from(support.slice(kept.length));
}
