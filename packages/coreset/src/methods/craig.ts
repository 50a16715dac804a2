import type { SubsetMethod } from "../subset-problem.ts";
import { coverGreedily } from "./facility-location.ts";

/**
 * CRAIG: greedy facility location on `max(D) - D` of the L2 distances of gradients, and each chosen example weighs as many
 * as it stands for, `w_j = |{i : j = argmin_{s in S} |g_i - g_s|}|`.
 *
 * Mirzasoleiman, Bilmes & Leskovec, "Coresets for data-efficient training of machine learning models" (ICML 2020), eq. 11 and
 * algorithm 1, for the whole pool instead of class by class. Weights are scaled to the sum of the budget.
 */
export const craig: SubsetMethod = {
  metric: "l2",
  weighting: "cluster",
  draws: false,
  comparesPairs: true,
  ignoresShift: false,
  choose: coverGreedily,
};
