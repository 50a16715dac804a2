import * as tf from "@tensorflow/tfjs-core";
import { type Parameter, parameter } from "../blocks/parameter.ts";
import { type Adapter, readAdapter } from "../checkpoint/adapter.ts";
import type { Files } from "../checkpoint/files.ts";
import { openCheckpoint } from "../checkpoint/read-checkpoint.ts";
import { type BackendName, chooseBackend } from "./backend.ts";
import { CausalLM } from "./causal-lm.ts";
import { attachLora } from "./lora.ts";
import { adapterParameters, assembleWeights } from "./weights.ts";

/**
 * Loads a Hugging Face folder: config.json, safetensors (one file or shards), tokenizer.json where there is one;
 * and, where asked for, a PEFT adapter on top.
 *
 * @param source - The folder's path, or its files.
 * @param options - `adapter`: path of a PEFT folder; its factors become the trainable parameters. `backend`: the TensorFlow.js back end to make active; default the one that is, or wasm.
 * @returns The model, every base parameter frozen; the caller disposes of it.
 * @throws {RangeError | TypeError} If a file is missing, broken or of an unknown architecture, or the adapter does not
 *   fit the model.
 * @throws {Error} If the back end cannot start.
 * @example
 * import { mkdtemp, readdir, rm } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * await chooseBackend("wasm");
 * const config = parseModelConfig({
 *   model_type: "llama", vocab_size: 8, hidden_size: 4, intermediate_size: 8, num_hidden_layers: 1,
 *   num_attention_heads: 1, max_position_embeddings: 16, tie_word_embeddings: true,
 * });
 * const model = createModel(config, { seed: 1 });
 * const path = await mkdtemp(join(tmpdir(), "colm-"));
 * await saveModel(model, path);
 * const loaded = await loadModel(path);
 * loaded.config.vocabSize; // => 8
 * model.dispose();
 * loaded.dispose();
 * await rm(path, { recursive: true });
 */
export async function loadModel(
  source: string | Files,
  options: { adapter?: string; backend?: BackendName } = {},
): Promise<CausalLM> {
  if (options.backend || !tf.getBackend()) await chooseBackend(options.backend);
  const { config, tokenizer, weights } = await openCheckpoint(source);
  const adapter = options.adapter === undefined ? undefined : await readAdapter(options.adapter);
  const byName = new Map<string, Parameter>();
  try {
    for await (const [name, { data, shape }] of weights()) {
      byName.set(name, parameter(name, data, shape, false));
    }
    const model = new CausalLM(config, assembleWeights(config, byName), { tokenizer, source });
    if (adapter) attachAdapter(model, adapter);
    return model;
  } catch (error) {
    for (const { value } of byName.values()) value.dispose();
    throw error;
  }
}

function attachAdapter(model: CausalLM, { config, weights }: Adapter): void {
  const unused = new Set(weights.keys());
  attachLora("loadModel", model, config, (name, shape) => {
    const found = weights.get(name);
    if (!found || found.shape.join() !== shape.join()) {
      const got = found ? `[${found.shape.join(", ")}]` : "none";
      throw new RangeError(
        `loadModel: "adapter" must hold ${name} of shape [${shape.join(", ")}], got ${got}`,
      );
    }
    unused.delete(name);
    return found.data;
  });
  const [first] = unused;
  if (first === undefined) return;
  for (const { value } of adapterParameters(model.weights)) value.dispose();
  throw new RangeError(`loadModel: "adapter" must hold factors of this model alone, got ${first} besides`);
}
