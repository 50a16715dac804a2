import type * as tf from "@tensorflow/tfjs-core";
import type { CausalLM } from "./causal-lm.ts";
import { adapterParameters, baseParameters } from "./weights.ts";

/**
 * Chooses which parameters get gradients.
 *
 * @param model - Changed.
 * @param which - `"lora"`: the adapter's factors (what `addLora` chooses). `"all"`: every base weight, embeddings
 *   included, and no adapter factor. `"none"`: nothing.
 * @throws {RangeError} If `which` is something else, or `"lora"` on a model without an adapter.
 */
export function setTrainable(model: CausalLM, which: "lora" | "all" | "none"): void {
  if (which !== "lora" && which !== "all" && which !== "none") {
    throw new RangeError(
      `setTrainable: "which" must be "lora", "all" or "none", got ${JSON.stringify(which)}`,
    );
  }
  const factors = adapterParameters(model.weights);
  if (which === "lora" && factors.length === 0) {
    throw new RangeError(
      'setTrainable: "which" must not be "lora" on a model without an adapter, call addLora first',
    );
  }
  for (const { value } of factors) value.trainable = which === "lora";
  for (const { value } of baseParameters(model.weights)) value.trainable = which === "all";
}

/**
 * The trainable parameters, by the names under which `lossAndGradients` returns their gradients.
 *
 * @returns The model's own variables: assigning to them changes the model, disposing of them breaks it.
 */
export function trainableVariables(model: CausalLM): Map<string, tf.Variable> {
  const trainable = model.allParameters().filter(({ value }) => value.trainable);
  return new Map(trainable.map(({ name, value }) => [name, value]));
}
