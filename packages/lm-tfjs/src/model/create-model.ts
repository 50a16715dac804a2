import { normal } from "@colm/array";
import { type Parameter, parameter } from "../blocks/parameter.ts";
import type { ModelConfig } from "../checkpoint/model-config.ts";
import { weightPlans } from "../checkpoint/weight-shapes.ts";
import { requireBackend } from "./backend.ts";
import { CausalLM } from "./causal-lm.ts";
import { assembleWeights } from "./weights.ts";

/**
 * A new model to be trained from scratch: norms 1, biases 0, every other weight `N(0, initializerRange^2)`; everything trainable.
 *
 * @param config - As `parseModelConfig` returns it.
 * @param options - `seed`: integer in [0, 2^53). The same seed gives the same weights on every back end and machine.
 * @returns The model; the caller disposes of it.
 * @throws {Error} If no TensorFlow.js back end is active.
 * @remarks Drawn weight number k in the order of a forward pass draws from stream k. As in transformers, GPT-2's maps into the residual
 *   stream are drawn `sqrt(2 layers)` smaller.
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
export function createModel(config: ModelConfig, options: { seed: number }): CausalLM {
  requireBackend("createModel");
  const byName = new Map<string, Parameter>();
  let stream = 0;
  for (const [name, { shape, start }] of weightPlans(config)) {
    const data = new Float32Array(shape.reduce((product, length) => product * length, 1));
    if ("value" in start) data.fill(start.value);
    else {
      normal(data, { seed: options.seed, stream: stream++ });
      for (let i = 0; i < data.length; i++) data[i] *= start.deviation;
    }
    byName.set(name, parameter(name, data, shape, true));
  }
  return new CausalLM(config, assembleWeights(config, byName));
}
