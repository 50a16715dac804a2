import { chooseBackend, graphicsAdapter } from "@colm/lm-tfjs";
import { offerWebGpu } from "../../../packages/kernels/test/offer-web-gpu.ts";

export type BenchBackend = "wasm" | "webgpu";

/** Makes a back end active, WebGPU in Node.js through the `webgpu` package of the workspace, and prints the adapter's name. */
export async function startBackend(name: BenchBackend): Promise<void> {
  if (name === "webgpu" && !(await offerWebGpu())) {
    throw new Error("bench: the webgpu package finds no adapter here (see CONTRIBUTING.md)");
  }
  await chooseBackend(name);
  const adapter = await graphicsAdapter();
  if (adapter) console.log(`adapter: ${adapter.name}${adapter.isSoftware ? ", a program" : ""}`);
}
