import type { SubsetMethod } from "../subset-problem.ts";
import { withinSquares } from "../within-powers.ts";

/**
 * Largest gradients: the rows of largest length `|g_i|`, of equal ones the lower first.
 *
 * Katharopoulos & Fleuret, "Not all samples are created equal" (ICML 2018), who draw with probabilities in proportion to the
 * length and weigh by its inverse; as a selection rule the largest are taken, as a baseline of Nguyen et al. (2025).
 */
export const gradNorm: SubsetMethod = {
  metric: "dot",
  weighting: "uniform",
  draws: false,
  comparesPairs: false,
  ignoresShift: false,
  choose({ features, candidates, count }) {
    const { data, shape, stride, offset } = withinSquares(features);
    const squares = new Float64Array(shape[0]);
    for (const row of candidates) {
      for (let j = 0, at = offset + row * stride[0]; j < shape[1]; j++, at += stride[1]) {
        squares[row] += data[at] * data[at];
      }
    }
    return candidates.toSorted((a, b) => squares[b] - squares[a] || a - b).slice(0, count);
  },
};
