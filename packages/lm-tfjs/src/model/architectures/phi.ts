import type { Architecture } from "./architecture.ts";
import { llama } from "./llama.ts";

/** Phi-1, 1.5 and 2: LayerNorm, parallel blocks, part of each head rotated, one GELU layer, biases everywhere. */
export const phi: Architecture = {
  ...llama,
  modelType: "phi",
  className: "PhiForCausalLM",
  names: {
    ...llama.names,
    output: "self_attn.dense",
    feed: ["mlp.fc1"],
    down: "mlp.fc2",
    finalNorm: "model.final_layernorm",
  },
  norm: "layer",
  normEpsilonKey: "layer_norm_eps",
  parallel: true,
  projectionBias: true,
  outputBias: true,
  feedBias: true,
  headBias: true,
  gated: false,
  defaults: {
    hidden_act: "gelu_new",
    intermediate_size: 8192,
    layer_norm_eps: 1e-5,
    max_position_embeddings: 2048,
    partial_rotary_factor: 0.5,
  },
  neutral: { qk_layernorm: [false] },
  loraTargets: ["q_proj", "v_proj", "fc1", "fc2"],
};
