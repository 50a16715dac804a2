import { type Matrix, matrix, normal } from "@colm/array";
import { createKernels, type Kernels, type KernelsOptions } from "@colm/kernels";
import { distances, similarity } from "@colm/submodular";
import { offerWebGpu } from "../../packages/kernels/test/offer-web-gpu.ts";
import { bundle } from "../browser/bundle.ts";
import { findChromium } from "../browser/chromium.ts";
import { answerOf } from "../browser/test/kernels-chromium.ts";
import { onDevice } from "./kernels/on-device.ts";
import { interleave } from "./measure.ts";

const SHAPES: readonly (readonly [rows: number, cols: number])[] = [
  [128, 64],
  [128, 2560],
  [512, 256],
];

/**
 * L1 distances and scalar products of all pairs: the functions of the CPU (`_cpu_function_ms`) beside every mode of gpu.js that
 * runs in Node, two threads of `webasm`, and `"auto"`. WebGPU in Node is mostly a program that imitates a graphics processor. Then
 * what stays on the device, in every mode that runs.
 */
export async function run(): Promise<Record<string, number>> {
  const options: Record<string, KernelsOptions> = {
    gpujs_cpu: { mode: "cpu" },
    gpujs_webasm: { mode: "webasm" },
    gpujs_webasm_2_threads: { mode: "webasm", threads: 2 },
    auto: { mode: "auto" },
  };
  if (await offerWebGpu()) options.gpujs_webgpu = { mode: "webgpu" };
  else console.log("webgpu: no adapter here (see CONTRIBUTING.md)");
  const kernels: [string, Kernels][] = [];
  for (const [name, own] of Object.entries(options)) kernels.push([name, await createKernels(own)]);
  const figures: Record<string, number> = {};
  for (const [rows, cols] of SHAPES) {
    const points = matrix(normal(new Float32Array(rows * cols), { seed: 1 }), rows, cols);
    const l1 = await compare(
      () => distances(points, { metric: "l1" }),
      kernels,
      (one) => one.pairwise(points, "l1"),
    );
    const gram = await compare(
      () => similarity(points, { metric: "dot" }),
      kernels,
      (one) => one.gram(points),
    );
    for (const [name, ms] of Object.entries(l1)) figures[`l1_${rows}x${cols}_${name}_ms`] = ms;
    for (const [name, ms] of Object.entries(gram)) figures[`gram_${rows}x${cols}_${name}_ms`] = ms;
  }
  for (const [name, { mode, dispose }] of kernels) {
    if (name === "auto") console.log(`auto took ${mode} last`);
    await dispose();
  }
  return { ...figures, ...(await deviceFigures(options.gpujs_webgpu !== undefined)) };
}

/** What staying on the device is worth, in every mode that runs here; WebGL 2 needs a browser. */
async function deviceFigures(hasWebGpu: boolean): Promise<Record<string, number>> {
  const all: Record<string, number> = {};
  const add = (where: string, { figures, notes }: Awaited<ReturnType<typeof onDevice>>): void => {
    for (const note of notes) console.log(`${where}: ${note}`);
    // the functions of the CPU run in each turn; the first turn names them
    for (const [name, ms] of Object.entries(figures)) all[name] ??= ms;
  };
  for (const mode of ["webasm", "cpu"] as const) add(mode, await onDevice(mode));
  if (hasWebGpu) add("webgpu in Node", await onDevice("webgpu"));
  const chromium = findChromium();
  if (chromium === undefined) {
    console.log("webgl2: needs a browser, and Chromium is not installed");
    return all;
  }
  const script = await bundle(new URL("kernels/on-device.ts", import.meta.url).pathname);
  const program = 'return bundle.onDevice("webgl2");';
  const answer = await answerOf(chromium, script, program, { limitSeconds: 600 }).catch(String);
  if (isAnswer(answer)) add("webgl2 in headless Chromium, on SwiftShader", answer);
  else console.log(`webgl2 in headless Chromium: no figures: ${String(answer)}`);
  return all;
}

function isAnswer(answer: unknown): answer is Awaited<ReturnType<typeof onDevice>> {
  return typeof answer === "object" && answer !== null && "figures" in answer;
}

function compare(
  onCpu: () => Matrix,
  kernels: readonly [string, Kernels][],
  on: (kernels: Kernels) => Promise<Matrix>,
): Promise<Record<string, number>> {
  const functions: Record<string, () => Promise<Matrix>> = { cpu_function: async () => onCpu() };
  for (const [name, own] of kernels) functions[name] = () => on(own);
  return interleave(functions, { rounds: 3, warmup: 2 });
}
