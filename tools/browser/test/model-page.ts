import { collate } from "@colm/data";
import {
  addLora,
  type CausalLM,
  chooseBackend,
  forwardPool,
  generateTokens,
  heldFiles,
  kernelArithmetic,
  lastBlockGradients,
  loadModel,
  lossAndGradients,
} from "@colm/lm-tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";

/** What a model computed, as plain numbers. */
export interface ModelResults {
  readonly backend: string;
  /** How the kernels of our own round; absent where they do not run. */
  readonly arithmetic: string | undefined;
  readonly losses: number[];
  readonly gradientNorm: number;
  readonly features: number[];
  readonly tokens: number[];
}

const NAMES = ["config.json", "model.safetensors"];

/** Loads the model at an address by range requests, and the same from `File`s of the page, and uses both. */
export async function inBrowser(address: string, wasm: string): Promise<ModelResults[]> {
  setWasmPaths(wasm);
  const files = await Promise.all(
    NAMES.map(async (name): Promise<[string, Blob]> => {
      const bytes = await (await fetch(`${address}/${name}`)).arrayBuffer();
      return [name, new File([bytes], name)];
    }),
  );
  const backend = await chooseBackend("wasm");
  return [
    await results(await loadModel(address), backend),
    await results(await loadModel(heldFiles(new Map(files))), backend),
  ];
}

/** Losses, gradients, features and text of a small batch; the model is disposed of. */
export async function results(model: CausalLM, backend: string): Promise<ModelResults> {
  addLora(model, { rank: 4, alpha: 8, targets: ["all-linear"], dropout: 0.25, seed: 1 });
  const example = (...ids: number[]) => ({
    inputIds: Int32Array.from(ids),
    labels: Int32Array.from(ids),
    source: "",
    truncated: 0,
  });
  const batch = collate([example(1, 2, 3, 4, 5, 6), example(9, 8, 7)]);
  const pass = await forwardPool(model, batch, { dropout: { seed: 3, step: 4 } });
  const { losses, gradients } = await lossAndGradients(model, batch, { pass });
  let square = 0;
  for (const gradient of gradients.values()) {
    for (const value of await gradient.data<"float32">()) square += value * value;
    gradient.dispose();
  }
  const features = await lastBlockGradients(model, pass, { sketch: { size: 8, seed: 2 } });
  const tokens: number[] = [];
  for await (const id of generateTokens(model, [1, 2], { maxNewTokens: 12 })) tokens.push(id);
  pass.dispose();
  model.dispose();
  return {
    backend,
    arithmetic: kernelArithmetic(),
    losses: Array.from(losses),
    gradientNorm: Math.sqrt(square),
    features: Array.from(features.data),
    tokens,
  };
}
