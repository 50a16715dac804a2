import type { HubOptions } from "@colm/data";
import * as tf from "@tensorflow/tfjs-core";
import { type Parameter, parameter } from "../blocks/parameter.ts";
import { type Adapter, readAdapter } from "../checkpoint/adapter.ts";
import type { Files } from "../checkpoint/files.ts";
import { requireMemory } from "../checkpoint/memory-need.ts";
import type { ModelConfig } from "../checkpoint/model-config.ts";
import { openCheckpoint } from "../checkpoint/read-checkpoint.ts";
import { type BackendName, chooseBackend } from "./backend.ts";
import { CausalLM } from "./causal-lm.ts";
import { attachLora } from "./lora.ts";
import { adapterParameters, assembleWeights } from "./weights.ts";

/** What the wasm back end can hold in all, in bytes. */
const WASM_HEAP = 2 ** 32;

/** Settings of `loadModel`. */
export interface LoadOptions {
  /** A PEFT folder: a path, `hf://owner/name`, an `https:` address, or files. Its factors become the trainable parameters. */
  readonly adapter?: string | Files;
  /** The TensorFlow.js back end to make active; default the one that is, or wasm. */
  readonly backend?: BackendName;
  /** Access token, server and `fetch` for `hf://` and `https:` addresses. */
  readonly hub?: HubOptions;
  /**
   * Bytes that the weights may take, and the largest of them once more while it is read. A larger model is refused from its
   * configuration, before any weight is opened. The wasm back end's own limit of 4 GiB always holds.
   */
  readonly memoryLimit?: number;
}

/**
 * Loads a Hugging Face folder: config.json, safetensors (one file or shards), tokenizer.json where there is one;
 * and, where asked for, a PEFT adapter on top.
 *
 * @param source - The folder's path (Node.js), `hf://owner/name[@revision]` (through `@huggingface/hub`), an `https:` address, or the
 *   files themselves (a browser: `heldFiles`).
 * @param options - Adapter, back end, memory limit, access to the Hub.
 * @returns The model, every base parameter frozen; the caller disposes of it.
 * @throws {RangeError | TypeError} If a file is missing, broken or of an unknown architecture, the model does not fit into memory, or the
 *   adapter does not fit the model.
 * @throws {Error} If the back end cannot start.
 * @remarks One weight at a time is read, by ranges, and handed to the back end: besides the model itself only the largest weight is held.
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
export async function loadModel(source: string | Files, options: LoadOptions = {}): Promise<CausalLM> {
  const { adapter: adapterSource, backend, hub = {}, memoryLimit } = options;
  if (backend || !tf.getBackend()) await chooseBackend(backend);
  if (memoryLimit !== undefined && !(memoryLimit > 0)) {
    throw new RangeError(`loadModel: "memoryLimit" must be above 0 bytes, got ${memoryLimit}`);
  }
  const beforeWeights = (config: ModelConfig): void => {
    if (tf.getBackend() === "wasm")
      requireMemory("loadModel", config, WASM_HEAP, "the heap of the wasm back end");
    if (memoryLimit !== undefined) requireMemory("loadModel", config, memoryLimit, '"memoryLimit"');
  };
  const { config, files, tokenizer, weights } = await openCheckpoint(source, { hub, beforeWeights });
  const adapter = adapterSource === undefined ? undefined : await readAdapter(adapterSource, hub);
  const byName = new Map<string, Parameter>();
  try {
    for await (const [name, { data, shape }] of weights()) {
      byName.set(name, parameter(name, data, shape, false));
    }
    const model = new CausalLM(config, assembleWeights(config, byName), { tokenizer, source: files });
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
