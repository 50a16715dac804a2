import { offerWebGpu } from "../../../packages/kernels/test/offer-web-gpu.ts";
import { bundle } from "../../browser/bundle.ts";
import { findChromium } from "../../browser/chromium.ts";
import { answerOf } from "../../browser/test/kernels-chromium.ts";
import { median } from "../measure.ts";
import { type GpuMode, selectByKernels } from "./by-kernels.ts";

/**
 * `gpujs_MODE_ms` for every mode of gpu.js that runs here: the selection from eight directions by kernels. Says on what the graphics
 * modes ran, and which modes did not.
 */
export async function gpujsFigures(expected: ArrayLike<number>): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  const note = (mode: GpuMode, where: string, { milliseconds, indices }: Run): void => {
    const agrees = indices.filter((row, at) => row === expected[at]).length;
    console.log(`gpu.js ${mode}: ${where}; ${agrees} of ${expected.length} choices as on the CPU`);
    figures[`gpujs_${mode}_ms`] = median(milliseconds);
  };
  note("webasm", "in Node, one thread", await selectByKernels("webasm"));
  note("cpu", "in Node", await selectByKernels("cpu"));
  if (await offerWebGpu())
    note("webgpu", `in Node, on ${await adapterName()}`, await selectByKernels("webgpu"));
  else console.log("gpu.js webgpu: no adapter here (see CONTRIBUTING.md), so there is no gpujs_webgpu_ms");
  const chromium = findChromium();
  if (chromium === undefined) {
    console.log(
      "gpu.js webgl2: needs a browser, and Chromium is not installed, so there is no gpujs_webgl2_ms",
    );
    return figures;
  }
  const script = await bundle(new URL("by-kernels.ts", import.meta.url).pathname);
  const program = 'return { ...await bundle.selectByKernels("webgl2"), renderer: bundle.webGl2Renderer() };';
  const answer = await answerOf(chromium, script, program, { limitSeconds: 240 }).catch(String);
  if (isRun(answer)) note("webgl2", `in headless Chromium, on ${named(answer.renderer)}`, answer);
  else console.log(`gpu.js webgl2: there is no gpujs_webgl2_ms: ${String(answer)}`);
  return figures;
}

type Run = Awaited<ReturnType<typeof selectByKernels>>;

function isRun(answer: unknown): answer is Run & { renderer: string } {
  return typeof answer === "object" && answer !== null && "milliseconds" in answer;
}

/** A name, with a word on programs that imitate a graphics processor. */
function named(name: string): string {
  return /swiftshader|llvmpipe|lavapipe|software/i.test(name) ? `${name}, which is software` : name;
}

/** What the adapter calls itself. */
async function adapterName(): Promise<string> {
  const gpu: unknown = Reflect.get(navigator, "gpu");
  if (!isGpu(gpu)) return "an adapter without a name";
  const { info } = await gpu.requestAdapter();
  return named([info.vendor, info.architecture, info.device, info.description].filter(Boolean).join(" "));
}

interface Adapter {
  readonly info: { vendor: string; architecture: string; device: string; description: string };
}

function isGpu(value: unknown): value is { requestAdapter(): Promise<Adapter> } {
  return typeof value === "object" && value !== null && "requestAdapter" in value;
}
