import type { Architecture } from "./architecture.ts";
import { llama } from "./llama.ts";

/** Qwen 2 and 2.5: Llama with biases on queries, keys and values; small ones tie the head to the embedding. */
export const qwen2: Architecture = {
  ...llama,
  modelType: "qwen2",
  className: "Qwen2ForCausalLM",
  projectionBias: true,
  outputBias: false,
  feedBias: false,
  window: "by-layer",
  defaults: {
    ...llama.defaults,
    max_position_embeddings: 32768,
    num_key_value_heads: 32,
    sliding_window: 4096,
    max_window_layers: 28,
  },
  neutral: { dual_chunk_attention_config: [] },
};
