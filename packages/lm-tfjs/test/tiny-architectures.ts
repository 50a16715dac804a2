import { normal } from "@colm/array";
import * as tf from "@tensorflow/tfjs-core";
import { type CausalLM, createModel, parseModelConfig, trainableVariables } from "../src/index.ts";

const sizes = {
  vocab_size: 24,
  hidden_size: 16,
  intermediate_size: 20,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  max_position_embeddings: 32,
  initializer_range: 0.3,
};
const gpt2Sizes = { vocab_size: 24, n_embd: 16, n_inner: 20, n_layer: 2, n_head: 4, n_positions: 32 };

/** One tiny model of each kind of block: what differs between architectures, and what their configurations leave open. */
export const tinyArchitectures: readonly [name: string, fields: Record<string, unknown>][] = [
  ["llama with biases", { ...sizes, model_type: "llama", attention_bias: true, mlp_bias: true }],
  ["mistral", { ...sizes, model_type: "mistral", num_key_value_heads: 2, sliding_window: 3 }],
  [
    "qwen2, tied, a window in one layer",
    {
      ...sizes,
      model_type: "qwen2",
      num_key_value_heads: 2,
      tie_word_embeddings: true,
      use_sliding_window: true,
      sliding_window: 4,
      max_window_layers: 1,
    },
  ],
  ["qwen3", { ...sizes, model_type: "qwen3", num_key_value_heads: 2, head_dim: 6 }],
  ["phi3", { ...sizes, model_type: "phi3", num_key_value_heads: 2, partial_rotary_factor: 0.5 }],
  ["stablelm", { ...sizes, model_type: "stablelm", num_key_value_heads: 4, partial_rotary_factor: 0.5 }],
  [
    "stablelm, parallel, with biases",
    {
      ...sizes,
      model_type: "stablelm",
      num_key_value_heads: 4,
      partial_rotary_factor: 0.5,
      use_parallel_residual: true,
      use_qkv_bias: true,
    },
  ],
  ["phi", { ...sizes, model_type: "phi", hidden_act: "gelu" }],
  ["gpt2", { ...gpt2Sizes, model_type: "gpt2", initializer_range: 0.3 }],
];

/** A fresh model of such a configuration, its biases drawn too: at the zeros they start from, mistakes with them do not show. */
export function tinyOf(fields: Record<string, unknown>): CausalLM {
  const model = createModel(parseModelConfig(fields), { seed: 5 });
  let stream = 0;
  for (const [name, variable] of trainableVariables(model)) {
    if (!name.endsWith(".bias")) continue;
    const data = normal(new Float32Array(variable.size), { seed: 6, stream: stream++ });
    tf.tidy(() => variable.assign(tf.mul(tf.tensor(data, variable.shape), 0.3)));
  }
  return model;
}
