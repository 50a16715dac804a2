import type { Architecture } from "./architecture.ts";
import { llama } from "./llama.ts";

/** Phi-3: Llama with queries, keys and values in one map, gate and up in another. */
export const phi3: Architecture = {
  ...llama,
  modelType: "phi3",
  className: "Phi3ForCausalLM",
  names: { ...llama.names, projections: ["self_attn.qkv_proj"], feed: ["mlp.gate_up_proj"] },
  projectionBias: false,
  outputBias: false,
  feedBias: false,
  window: "always",
  defaults: {
    ...llama.defaults,
    max_position_embeddings: 4096,
    partial_rotary_factor: 1,
    rms_norm_eps: 1e-5,
  },
  loraTargets: ["qkv_proj"],
};
