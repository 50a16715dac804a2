import type { HubOptions } from "@colm/data";
import * as tf from "@tensorflow/tfjs-core";
import { frozenParameter, type Parameter, parameter, type WeightPrecision } from "../blocks/parameter.ts";
import { type Adapter, readAdapter } from "../checkpoint/adapter.ts";
import type { Files } from "../checkpoint/files.ts";
import { requireMemory } from "../checkpoint/memory-need.ts";
import type { ModelConfig } from "../checkpoint/model-config.ts";
import type { NamedArray } from "../checkpoint/named-array.ts";
import { openPlace } from "../checkpoint/open-place.ts";
import { type OpenCheckpoint, openCheckpoint } from "../checkpoint/read-checkpoint.ts";
import { readConfig, readFittingTokenizer } from "../checkpoint/read-description.ts";
import { weightShapes } from "../checkpoint/weight-shapes.ts";
import { type BackendName, chooseBackend } from "./backend.ts";
import { CausalLM } from "./causal-lm.ts";
import { type FreshOptions, freshWeights, requireFresh } from "./fresh-weights.ts";
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
  /**
   * Takes configuration and tokenizer alone from the place and draws the weights anew, as `createModel` does, to train from scratch:
   * files of weights need not be there and are not opened. Every parameter is trainable. Not with `adapter`.
   */
  readonly fresh?: FreshOptions | undefined;
  /**
   * How the frozen matrices are held: `"float32"` (default), or on the webgpu back end `"float16"`, in half the bytes, each widened to
   * float32 for the step that uses it. Vectors, LoRA factors and all arithmetic stay float32. Such weights cannot be trained.
   */
  readonly weights?: WeightPrecision;
  /** Called after each weight with the parameters that are there and with all there will be, an adapter's left out: for a progress bar. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Loads a Hugging Face folder: config.json, safetensors (one file or shards), tokenizer.json where there is one;
 * and, where asked for, a PEFT adapter on top.
 *
 * @param source - The folder's path (Node.js), `hf://owner/name[@revision]` (through `@huggingface/hub`), an `https:` address, or the
 *   files themselves (a browser: `heldFiles`).
 * @param options - Adapter, back end, memory limit, access to the Hub, fresh weights, precision of the weights.
 * @returns The model, every base parameter frozen unless it is fresh; the caller disposes of it.
 * @throws {RangeError | TypeError} If a file is missing, broken or of an unknown architecture, the model does not fit into memory, the
 *   adapter does not fit the model, the seed of `fresh` is no integer in [0, 2^53), or `weights` cannot be as asked for.
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
 * const fresh = await loadModel(path, { fresh: { seed: 2 } });
 * trainableVariables(fresh).size === fresh.parameters().size; // => true
 * for (const each of [model, loaded, fresh]) each.dispose();
 * await rm(path, { recursive: true });
 */
export async function loadModel(source: string | Files, options: LoadOptions = {}): Promise<CausalLM> {
  const {
    adapter: adapterSource,
    backend,
    hub = {},
    memoryLimit,
    fresh,
    weights = "float32",
    onProgress,
  } = options;
  if (memoryLimit !== undefined && !(memoryLimit > 0)) {
    throw new RangeError(`loadModel: "memoryLimit" must be above 0 bytes, got ${memoryLimit}`);
  }
  if (fresh !== undefined) requireFresh("loadModel", "fresh.", fresh);
  if (fresh !== undefined && adapterSource !== undefined) {
    throw new RangeError(
      'loadModel: "adapter" must not be given with "fresh": it fits the trained weights alone',
    );
  }
  requirePrecision(weights, fresh);
  if (backend || !tf.getBackend()) await chooseBackend(backend);
  requireHalvesHere(weights);
  const beforeWeights = (config: ModelConfig): void => {
    if (tf.getBackend() === "wasm")
      requireMemory("loadModel", config, weights, WASM_HEAP, "the heap of the wasm back end");
    if (memoryLimit !== undefined) requireMemory("loadModel", config, weights, memoryLimit, '"memoryLimit"');
  };
  const opened: Opened = await (fresh
    ? openFresh(source, hub, fresh, beforeWeights)
    : openCheckpoint(source, { hub, beforeWeights }));
  const { config, files, tokenizer } = opened;
  const adapter = adapterSource === undefined ? undefined : await readAdapter(adapterSource, hub);
  const byName = new Map<string, Parameter>();
  const total = countAll(weightShapes(config).values());
  let done = 0;
  try {
    for await (const [name, { data, shape }] of opened.weights()) {
      const made = fresh
        ? parameter(name, data, shape, true)
        : frozenParameter("loadModel", name, data, shape, weights);
      byName.set(name, made);
      done += countAll([shape]);
      onProgress?.(done, total);
    }
    const model = new CausalLM(config, assembleWeights(config, byName), { tokenizer, source: files });
    if (adapter) attachAdapter(model, adapter);
    return model;
  } catch (error) {
    for (const { value } of byName.values()) value.dispose();
    throw error;
  }
}

/** Numbers in arrays of these shapes. */
function countAll(shapes: Iterable<readonly number[]>): number {
  let count = 0;
  for (const shape of shapes) count += shape.reduce((product, size) => product * size, 1);
  return count;
}

function requirePrecision(weights: WeightPrecision, fresh: FreshOptions | undefined): void {
  if (weights !== "float32" && weights !== "float16") {
    throw new RangeError(
      `loadModel: "weights" must be "float32" or "float16", got ${JSON.stringify(weights)}`,
    );
  }
  if (weights === "float16" && fresh) {
    throw new RangeError('loadModel: "weights" must be "float32" with "fresh", whose weights are trained');
  }
}

function requireHalvesHere(weights: WeightPrecision): void {
  if (weights === "float32" || tf.getBackend() === "webgpu") return;
  throw new RangeError(
    `loadModel: "weights" must be "float32" on the ${tf.getBackend()} back end, got "float16", which webgpu alone holds`,
  );
}

/** What a model is loaded from: a description, and weights one at a time. */
interface Opened extends Pick<OpenCheckpoint, "config" | "files" | "tokenizer"> {
  weights(): Iterable<[string, NamedArray]> | AsyncIterable<[string, NamedArray]>;
}

/** The description in a folder, with weights that are drawn. */
async function openFresh(
  source: string | Files,
  hub: HubOptions,
  fresh: FreshOptions,
  beforeWeights: (config: ModelConfig) => void,
): Promise<Opened> {
  const files = await openPlace(source, hub);
  const config = await readConfig("loadModel", files);
  beforeWeights(config);
  const tokenizer = await readFittingTokenizer("loadModel", files, config);
  return {
    config,
    files,
    ...(tokenizer === undefined ? {} : { tokenizer }),
    weights: () => freshWeights(config, fresh),
  };
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
