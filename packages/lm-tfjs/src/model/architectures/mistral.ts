import type { Architecture } from "./architecture.ts";
import { llama } from "./llama.ts";

/** Mistral 7B: Llama whose queries see a sliding window of keys. */
export const mistral: Architecture = {
  ...llama,
  modelType: "mistral",
  className: "MistralForCausalLM",
  projectionBias: false,
  outputBias: false,
  feedBias: false,
  window: "always",
  defaults: {
    ...llama.defaults,
    max_position_embeddings: 131072,
    num_key_value_heads: 8,
    sliding_window: 4096,
  },
};
