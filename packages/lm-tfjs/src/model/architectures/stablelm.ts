import type { Architecture } from "./architecture.ts";
import { llama } from "./llama.ts";

/** StableLM 3B, 2 and Zephyr: LayerNorm, a quarter of each head rotated, SwiGLU; some with biases or parallel blocks. */
export const stablelm: Architecture = {
  ...llama,
  modelType: "stablelm",
  className: "StableLmForCausalLM",
  norm: "layer",
  normEpsilonKey: "layer_norm_eps",
  parallel: { flag: "use_parallel_residual" },
  projectionBias: { flag: "use_qkv_bias" },
  outputBias: false,
  feedBias: false,
  defaults: {
    hidden_act: "silu",
    layer_norm_eps: 1e-5,
    max_position_embeddings: 4096,
    num_key_value_heads: 32,
    partial_rotary_factor: 0.25,
  },
  neutral: { qk_layernorm: [false] },
};
