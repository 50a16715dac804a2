import type { CausalLM } from "@colm/lm-tfjs";

/** Sources for data that names none: clusters of hidden states. */
export interface ClusterSettings {
  /** Number of clusters, at least 1, or `"auto"`: that of the largest mean silhouette. */
  readonly clusters: number | "auto";
  /** Hidden state that is averaged over an example's tokens: 0 the embedding, k the output of block k. Default the last. */
  readonly layer?: number | undefined;
  /** Updates between clusterings with the weights as they are then, at least 1. Default: one clustering, before the first. */
  readonly refreshSteps?: number | undefined;
  /** A smaller model whose hidden states serve instead; its tokens must be those of the examples. Default the trained one. */
  readonly model?: CausalLM | undefined;
}
