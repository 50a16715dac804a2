import type { ScoreMethod } from "../subset-problem.ts";

/**
 * The examples of largest loss `L_i`.
 *
 * Jiang et al., "Accelerating deep learning by focusing on the biggest losers" (2019), who draw with a probability that grows with
 * the loss; here the largest are taken.
 */
export const bigLoss: ScoreMethod = { reads: "losses", takes: "highest" };
