import type { Architecture } from "./architecture.ts";
import { qwen2 } from "./qwen2.ts";

/** Qwen 3: each head of queries and keys is normed, head size of its own, biases only where the configuration says so. */
export const qwen3: Architecture = {
  ...qwen2,
  modelType: "qwen3",
  className: "Qwen3ForCausalLM",
  names: { ...qwen2.names, headNorms: ["self_attn.q_norm", "self_attn.k_norm"] },
  projectionBias: { flag: "attention_bias" },
  outputBias: { flag: "attention_bias" },
  defaults: { ...qwen2.defaults, head_dim: 128 },
};
