import { VOCABULARY } from "./tokenizer.ts";

/** config.json of the base model: a Llama of 0.45 million parameters with grouped heads and tied embeddings. */
export const MODEL_CONFIG = {
  architectures: ["LlamaForCausalLM"],
  model_type: "llama",
  vocab_size: VOCABULARY,
  hidden_size: 96,
  intermediate_size: 256,
  num_hidden_layers: 4,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  max_position_embeddings: 128,
  rms_norm_eps: 1e-5,
  rope_theta: 10000,
  rope_scaling: null,
  hidden_act: "silu",
  attention_bias: false,
  mlp_bias: false,
  tie_word_embeddings: true,
  bos_token_id: 0,
  eos_token_id: 0,
  pad_token_id: null,
  torch_dtype: "float32",
  initializer_range: 0.05,
  use_cache: true,
};

/** tokenizer_config.json beside it. */
export const TOKENIZER_CONFIG = {
  tokenizer_class: "PreTrainedTokenizerFast",
  bos_token: "<|endoftext|>",
  eos_token: "<|endoftext|>",
  unk_token: null,
  model_max_length: 128,
  clean_up_tokenization_spaces: false,
};

/** generation_config.json beside it: greedy. */
export const GENERATION_CONFIG = { bos_token_id: 0, eos_token_id: 0, do_sample: false, max_new_tokens: 24 };
