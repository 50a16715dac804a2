import { stat } from "node:fs/promises";
import type { HubOptions } from "@colm/data";
import {
  type BackendName,
  type BackendOptions,
  type CausalLM,
  chooseBackend,
  type LoadOptions,
  loadModel,
  type Tokenizer,
} from "@colm/lm-tfjs";
import { inputError } from "./input-error.ts";
import type { Io } from "./io.ts";
import { loadingBar } from "./loading-bar.ts";
import type { Options, OptionTable } from "./option-table.ts";

const BACKENDS = ["wasm", "cpu", "webgpu", "auto"] as const;
const PRECISIONS = ["float32", "float16"] as const;

/** Options of every command that loads a model. */
export const modelOptions: OptionTable = {
  model: {
    value: "DIR",
    help: "Hugging Face folder (config.json, *.safetensors, tokenizer.json), or hf://owner/name",
  },
  adapter: { value: "DIR", help: "PEFT adapter to put on top: a folder, or hf://owner/name" },
  backend: {
    value: "NAME",
    choices: [...BACKENDS],
    help: "wasm (default), cpu, webgpu, or auto: webgpu where it is no imitation, else wasm",
  },
  weights: {
    value: "TYPE",
    choices: [...PRECISIONS],
    help: "of frozen weights: float32 (default), or float16 on webgpu, in half the bytes",
  },
  revectorize: { help: "wider vectors by an experimental flag of V8: the same bits, faster" },
  exact: { help: "round the same on every machine: the same bits, about a fifth slower" },
};

/** Fresh weights and zeroth-order directions come from one seed: from streams far apart, so that no draw serves twice. */
const WEIGHT_STREAM = 2 ** 16;

/** A model that has a tokenizer. */
export interface OpenModel {
  readonly model: CausalLM;
  readonly tokenizer: Tokenizer;
  readonly backend: string;
}

/** Loads the model that the options name, with fresh weights where it is to be trained from scratch. */
export async function openModel(options: Options, io: Pick<Io, "stderr" | "now">): Promise<OpenModel> {
  const fresh = freshWeights(options);
  const place = options.required("model");
  await requireFolder("model", place);
  const adapter = options.text("adapter");
  if (adapter !== undefined) await requireFolder("adapter", adapter);
  const backend = await startBackend(options.choice("backend", BACKENDS) ?? "wasm", {
    ...(options.flag("exact") && { exact: true }),
    ...(options.flag("revectorize") && { revectorize: true }),
  });
  const hub = hubAccess();
  const weights = options.choice("weights", PRECISIONS) ?? "float32";
  const { onProgress, end } = loadingBar(place, io);
  const model = await loadModel(place, {
    hub,
    fresh,
    weights,
    onProgress,
    ...(adapter !== undefined && { adapter }),
  })
    .catch((error: unknown) => {
      throw placed(error, place);
    })
    .finally(end);
  const { tokenizer } = model;
  if (tokenizer === undefined) {
    model.dispose();
    throw inputError(`--model must be a folder with a tokenizer.json, got none in ${place}`);
  }
  return { model, tokenizer, backend };
}

/** A refusal of a configuration, which names its fields alone, with the file that they stand in. */
function placed(error: unknown, place: string): unknown {
  if (!(error instanceof Error) || !error.message.startsWith("parseModelConfig: ")) return error;
  const file = `${place.replace(/\/+$/, "")}/config.json`;
  return inputError(`${error.message.replace("parseModelConfig: ", "")} in ${file}`, error);
}

/** What weights are drawn from, where `--from-scratch` asks for it. */
function freshWeights(options: Options): LoadOptions["fresh"] {
  if (!options.flag("from-scratch")) return undefined;
  const seed = options.number("seed") ?? 42;
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw inputError(`--seed must be an integer of at least 0, got ${seed}`);
  }
  return { seed, stream: WEIGHT_STREAM };
}

/** How the Hugging Face Hub is reached: with the token that its own tools take from the environment. */
export function hubAccess(): HubOptions {
  const { HF_TOKEN = "" } = process.env;
  return HF_TOKEN === "" ? {} : { accessToken: HF_TOKEN };
}

/** Refuses a path without a folder; addresses are looked up later. */
async function requireFolder(option: string, place: string): Promise<void> {
  if (/^\w+:/.test(place)) return;
  const found = await stat(place).catch(() => undefined);
  if (!found?.isDirectory()) throw inputError(`--${option} must be a folder, got no folder at ${place}`);
}

/** Registers a back end, of this program's own dependencies unless it is webgpu, and makes it the active one. */
async function startBackend(name: (typeof BACKENDS)[number], options: BackendOptions): Promise<BackendName> {
  // "auto" may come to it
  if (name === "wasm" || name === "auto") await import("@tensorflow/tfjs-backend-wasm");
  if (name === "cpu") await import("@tensorflow/tfjs-backend-cpu");
  return chooseBackend(name, options);
}
