import type { ScoreMethod } from "../subset-problem.ts";

/**
 * The examples in the middle of the perplexities `exp(L_i)`: ranks `floor((n - b) / 2)` to that plus b.
 *
 * Marion et al., "When less is more: investigating data pruning for pretraining LLMs at scale" (2023), "middle of the
 * distribution". Perplexity grows with the loss, so the ranks are those of the losses.
 */
export const middlePerplexity: ScoreMethod = { reads: "losses", takes: "middle" };
