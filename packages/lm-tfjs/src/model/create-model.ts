import { type Parameter, parameter } from "../blocks/parameter.ts";
import type { ModelConfig } from "../checkpoint/model-config.ts";
import { requireBackend } from "./backend.ts";
import { CausalLM } from "./causal-lm.ts";
import { type FreshOptions, freshWeights, requireFresh } from "./fresh-weights.ts";
import { assembleWeights } from "./weights.ts";

/**
 * A new model to be trained from scratch: norms 1, biases 0, every other weight `N(0, initializerRange^2)`; everything trainable.
 * With the tokenizer of a folder: `loadModel(place, { fresh: { seed } })`.
 *
 * @param config - As `parseModelConfig` returns it.
 * @param options - `seed`: integer in [0, 2^53). The same seed gives the same weights on every back end and machine. `stream`: of the
 *   seed, for the first weight, default 0.
 * @returns The model; the caller disposes of it.
 * @throws {RangeError | TypeError} If seed or stream is no such integer.
 * @throws {Error} If no TensorFlow.js back end is active.
 * @remarks Source: `_init_weights` of the classes in transformers. There, and so here, the maps of GPT-2 into the residual stream are
 *   drawn `sqrt(2 layers)` smaller, and the embedding of `pad_token_id` starts as zeros except in GPT-2. Deviation: that embedding is
 *   trained like the others, where PyTorch keeps its input side as it is. Drawn weight number k in the order of a forward
 *   pass draws from stream `stream + k`. One weight at a time is held outside of the back end.
 * @example
 * await chooseBackend("wasm");
 * const config = parseModelConfig({
 *   model_type: "llama", vocab_size: 8, hidden_size: 4, intermediate_size: 8, num_hidden_layers: 1,
 *   num_attention_heads: 1, max_position_embeddings: 16, tie_word_embeddings: true,
 * });
 * const model = createModel(config, { seed: 1 });
 * model.parameters().get("model.embed_tokens.weight").shape; // => [8, 4]
 * model.dispose();
 */
export function createModel(config: ModelConfig, options: FreshOptions): CausalLM {
  requireBackend("createModel");
  requireFresh("createModel", "", options);
  const byName = new Map<string, Parameter>();
  for (const [name, { data, shape }] of freshWeights(config, options)) {
    byName.set(name, parameter(name, data, shape, true));
  }
  return new CausalLM(config, assembleWeights(config, byName));
}
