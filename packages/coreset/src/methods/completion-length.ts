import type { ScoreMethod } from "../subset-problem.ts";

/**
 * The examples of most labelled tokens.
 *
 * Zhao et al., "Long is more for alignment: a simple but tough-to-beat baseline for instruction fine-tuning" (ICML 2024).
 */
export const completionLength: ScoreMethod = { reads: "lengths", takes: "highest" };
