import type * as tf from "@tensorflow/tfjs-core";
import { isHalved } from "../blocks/parameter.ts";
import type { CausalLM } from "./causal-lm.ts";
import { adapterParameters, baseParameters } from "./weights.ts";

/**
 * Chooses which parameters get gradients.
 *
 * @param model - Changed.
 * @param which - `"lora"`: the adapter's factors (what `addLora` chooses). `"all"`: every base weight, embeddings
 *   included, and no adapter factor. `"none"`: nothing.
 * @throws {RangeError} If `which` is something else, or `"lora"` on a model without an adapter, or `"all"` on one whose weights are held as
 *   float16.
 * @example
 * await chooseBackend("wasm");
 * const config = parseModelConfig({
 *   model_type: "llama", vocab_size: 8, hidden_size: 4, intermediate_size: 8, num_hidden_layers: 1,
 *   num_attention_heads: 1, max_position_embeddings: 16, tie_word_embeddings: true,
 * });
 * const model = createModel(config, { seed: 1 });
 * setTrainable(model, "none");
 * trainableVariables(model).size; // => 0
 * model.dispose();
 */
export function setTrainable(model: CausalLM, which: "lora" | "all" | "none"): void {
  if (which !== "lora" && which !== "all" && which !== "none") {
    throw new RangeError(
      `setTrainable: "which" must be "lora", "all" or "none", got ${JSON.stringify(which)}`,
    );
  }
  const factors = adapterParameters(model.weights);
  const base = baseParameters(model.weights);
  if (which === "all" && base.some(isHalved)) {
    throw new RangeError(
      'setTrainable: "which" must not be "all" on a model whose weights are held as float16, load it with weights "float32"',
    );
  }
  if (which === "lora" && factors.length === 0) {
    throw new RangeError(
      'setTrainable: "which" must not be "lora" on a model without an adapter, call addLora first',
    );
  }
  for (const { value } of factors) value.trainable = which === "lora";
  for (const { value } of base) value.trainable = which === "all";
}

/**
 * The trainable parameters, by the names under which `lossAndGradients` returns their gradients.
 *
 * @returns The model's own variables: assigning to them changes the model, disposing of them breaks it.
 * @example
 * await chooseBackend("wasm");
 * const config = parseModelConfig({
 *   model_type: "llama", vocab_size: 8, hidden_size: 4, intermediate_size: 8, num_hidden_layers: 1,
 *   num_attention_heads: 1, max_position_embeddings: 16, tie_word_embeddings: true,
 * });
 * const model = createModel(config, { seed: 1 });
 * [...trainableVariables(model).keys()].slice(0, 1); // => ["model.embed_tokens.weight"]
 * model.dispose();
 */
export function trainableVariables(model: CausalLM): Map<string, tf.Variable> {
  const trainable = model.allParameters().filter(({ value }) => value.trainable);
  return new Map(trainable.map(({ name, value }) => [name, value]));
}
