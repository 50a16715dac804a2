import type { ModelConfig } from "./model-config.ts";

/**
 * Names and shapes of all weights of a model, as Hugging Face files store them: a linear layer is `[out, in]`.
 *
 * @param config - The model's configuration.
 * @returns Shapes by name, in the order of a forward pass. A tied model has no `lm_head.weight`.
 * @remarks Names: transformers, `LlamaForCausalLM`.
 */
export function weightShapes(config: ModelConfig): Map<string, number[]> {
  const { hiddenSize: hidden, intermediateSize: inner, headDim, vocabSize } = config;
  const queries = config.numAttentionHeads * headDim;
  const keys = config.numKeyValueHeads * headDim;
  const shapes = new Map<string, number[]>([["model.embed_tokens.weight", [vocabSize, hidden]]]);
  for (let layer = 0; layer < config.numHiddenLayers; layer++) {
    const block = `model.layers.${layer}`;
    shapes.set(`${block}.input_layernorm.weight`, [hidden]);
    shapes.set(`${block}.self_attn.q_proj.weight`, [queries, hidden]);
    shapes.set(`${block}.self_attn.k_proj.weight`, [keys, hidden]);
    shapes.set(`${block}.self_attn.v_proj.weight`, [keys, hidden]);
    shapes.set(`${block}.self_attn.o_proj.weight`, [hidden, queries]);
    shapes.set(`${block}.post_attention_layernorm.weight`, [hidden]);
    shapes.set(`${block}.mlp.gate_proj.weight`, [inner, hidden]);
    shapes.set(`${block}.mlp.up_proj.weight`, [inner, hidden]);
    shapes.set(`${block}.mlp.down_proj.weight`, [hidden, inner]);
  }
  shapes.set("model.norm.weight", [hidden]);
  if (!config.tieWordEmbeddings) shapes.set("lm_head.weight", [vocabSize, hidden]);
  return shapes;
}
