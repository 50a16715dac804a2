import type * as tf from "@tensorflow/tfjs-core";
import { mergedWeight } from "../blocks/linear.ts";
import { dataOf, shapeOf } from "../blocks/parameter.ts";
import { encodeAdapter } from "../checkpoint/adapter.ts";
import { streamSafetensors } from "../checkpoint/encode-safetensors.ts";
import { modelConfigFields } from "../checkpoint/model-config-fields.ts";
import type { NamedArray } from "../checkpoint/named-array.ts";
import { openPlace } from "../checkpoint/open-place.ts";
import type { Pieces } from "../checkpoint/write-folder.ts";
import type { CausalLM } from "./causal-lm.ts";
import { adapterParameters, baseParameters, blockLinears } from "./weights.ts";

/** Files that make up a tokenizer; whichever the model was loaded with goes with it. */
const TOKENIZER_FILES = [
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
  "vocab.json",
  "merges.txt",
  "tokenizer.model",
  "chat_template.jinja",
  "generation_config.json",
];

/**
 * Writes a model as a plain Hugging Face folder: config.json, model.safetensors (float32), and the tokenizer's files.
 * A LoRA adapter is merged into the weights written; the model in memory keeps it apart. Node.js only.
 *
 * @param model - Not changed.
 * @param folder - Made where it is missing. All files are written or none.
 * @param tokenizerFiles - Contents by file name; default those of the folder that the model was loaded from.
 * @throws {RangeError} If a weight is not finite.
 * @throws {Error} If the folder cannot be written.
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
 * (await readdir(path)).sort(); // => ["config.json", "model.safetensors"]
 * model.dispose();
 * await rm(path, { recursive: true });
 */
export async function saveModel(
  model: CausalLM,
  folder: string,
  tokenizerFiles?: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  const { writeFolder } = await import("../checkpoint/write-folder.ts");
  const config = `${JSON.stringify(modelConfigFields(model.config), null, 2)}\n`;
  const contents = new Map<string, Pieces>();
  for (const [name, bytes] of tokenizerFiles ?? (await tokenizerOf(model))) contents.set(name, [bytes]);
  contents.set("config.json", [new TextEncoder().encode(config)]);
  contents.set("model.safetensors", mergedWeights(model));
  await writeFolder(folder, contents);
}

/**
 * Writes the model with its LoRA adapter merged in, `W + alpha / rank B A`, as a plain Hugging Face folder that needs no
 * adapter. Node.js only.
 *
 * @param model - Not changed.
 * @param folder - Made where it is missing. All files are written or none.
 * @throws {RangeError} If the model has no adapter, or a weight is not finite.
 * @throws {Error} If the folder cannot be written.
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
 * addLora(model, { rank: 2, alpha: 4, targets: ["v_proj"], seed: 2 });
 * const path = await mkdtemp(join(tmpdir(), "colm-"));
 * await mergeAdapter(model, path);
 * (await readdir(path)).sort(); // => ["config.json", "model.safetensors"]
 * model.dispose();
 * await rm(path, { recursive: true });
 */
export async function mergeAdapter(model: CausalLM, folder: string): Promise<void> {
  if (!model.lora) throw new RangeError('mergeAdapter: "model" must have an adapter, call addLora first');
  await saveModel(model, folder);
}

/**
 * Writes the LoRA adapter in PEFT's form: adapter_config.json and adapter_model.safetensors. The same adapter gives the
 * same bytes. Node.js only.
 *
 * @param model - Not changed.
 * @param folder - Made where it is missing. Both files are written or none.
 * @throws {RangeError} If the model has no adapter, or a factor is not finite.
 * @throws {Error} If the folder cannot be written.
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
 * addLora(model, { rank: 2, alpha: 4, targets: ["v_proj"], seed: 2 });
 * const path = await mkdtemp(join(tmpdir(), "colm-"));
 * await saveAdapter(model, path);
 * (await readdir(path)).sort(); // => ["adapter_config.json", "adapter_model.safetensors"]
 * model.dispose();
 * await rm(path, { recursive: true });
 */
export async function saveAdapter(model: CausalLM, folder: string): Promise<void> {
  if (!model.lora) throw new RangeError('saveAdapter: "model" must have an adapter, call addLora first');
  const { writeFolder } = await import("../checkpoint/write-folder.ts");
  const weights = new Map<string, NamedArray>();
  for (const { name, value } of adapterParameters(model.weights)) weights.set(name, await namedArray(value));
  await writeFolder(folder, encodeAdapter({ config: model.lora, weights }));
}

/** The weights as a safetensors file, adapters merged in, one of them outside of the back end at a time. */
function mergedWeights({ weights }: CausalLM): AsyncIterable<Uint8Array> {
  const values = new Map(baseParameters(weights).map((parameter) => [parameter.name, parameter]));
  const adapted = new Map(weights.blocks.flatMap(blockLinears).map((linear) => [linear.weight.name, linear]));
  const shapes = new Map([...values].map(([name, parameter]) => [name, shapeOf(parameter)]));
  return streamSafetensors(shapes, async (name) => {
    const linear = adapted.get(name);
    if (linear?.adapter) {
      const merged = mergedWeight(linear);
      try {
        return await namedArray(merged);
      } finally {
        merged.dispose();
      }
    }
    const found = values.get(name);
    if (!found) throw new RangeError(`saveModel: "name" must be a weight, got "${name}"`);
    return { shape: shapeOf(found), data: await dataOf(found) };
  });
}

async function namedArray(value: tf.Tensor): Promise<NamedArray> {
  return { shape: [...value.shape], data: Float32Array.from(await value.data()) };
}

async function tokenizerOf({ source }: CausalLM): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  if (source === undefined) return found;
  const files = await openPlace(source);
  for (const name of TOKENIZER_FILES) {
    if ((await files.size(name)) !== undefined) found.set(name, await files.read(name));
  }
  return found;
}
