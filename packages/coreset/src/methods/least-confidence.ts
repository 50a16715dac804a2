import type { ScoreMethod } from "../subset-problem.ts";

/**
 * The examples of which the model is least sure: smallest mean of `max_t p(t)` over the labelled positions.
 *
 * Lewis & Gale, "A sequential algorithm for training text classifiers" (1994); the mean over positions makes it one
 * number for a sequence, as in Bukharin & Zhao, "Data diversity matters for robust instruction tuning" (2023).
 */
export const leastConfidence: ScoreMethod = { reads: "confidences", takes: "lowest" };
