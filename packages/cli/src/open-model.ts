import { stat } from "node:fs/promises";
import { type CausalLM, chooseBackend, loadModel, type Tokenizer } from "@colm/lm-tfjs";
import { inputError } from "./input-error.ts";
import type { Options, OptionTable } from "./option-table.ts";

/** Options of every command that loads a model. */
export const modelOptions: OptionTable = {
  model: { value: "DIR", help: "Hugging Face folder: config.json, *.safetensors, tokenizer.json" },
  adapter: { value: "DIR", help: "PEFT adapter to put on top" },
  backend: { value: "NAME", help: "TensorFlow.js back end: wasm (default) or cpu" },
};

/** A model that has a tokenizer. */
export interface OpenModel {
  readonly model: CausalLM;
  readonly tokenizer: Tokenizer;
  /** Where it was loaded from. */
  readonly folder: string;
  readonly backend: string;
}

/** Loads the model that the options name. */
export async function openModel(options: Options): Promise<OpenModel> {
  const folder = options.required("model");
  await requireFolder("model", folder);
  const adapter = options.text("adapter");
  if (adapter !== undefined) await requireFolder("adapter", adapter);
  const backend = await startBackend(options.choice("backend", ["wasm", "cpu"]) ?? "wasm");
  const model = await loadModel(folder, adapter === undefined ? {} : { adapter });
  const { tokenizer } = model;
  if (tokenizer === undefined) {
    model.dispose();
    throw inputError(`--model must be a folder with a tokenizer.json, got none in ${folder}`);
  }
  return { model, tokenizer, folder, backend };
}

async function requireFolder(option: string, folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) throw inputError(`--${option} must be a folder, got no folder at ${folder}`);
}

/** Registers a back end of this program's own dependencies and makes it the active one. */
async function startBackend(name: "wasm" | "cpu"): Promise<string> {
  await (name === "wasm" ? import("@tensorflow/tfjs-backend-wasm") : import("@tensorflow/tfjs-backend-cpu"));
  return chooseBackend(name);
}
