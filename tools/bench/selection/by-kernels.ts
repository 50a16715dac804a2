import { createSelector, type SelectionResult } from "@colm/coreset";
import { createKernels } from "@colm/kernels";
import { drawSources, estimates, OFFICIAL } from "./pool.ts";

/** The modes of gpu.js. */
export type GpuMode = "webasm" | "cpu" | "webgl2" | "webgpu";

/** What draws WebGL 2 on this page. */
export function webGl2Renderer(): string {
  const context = new OffscreenCanvas(1, 1).getContext("webgl2");
  const extension = context?.getExtension("WEBGL_debug_renderer_info");
  return extension
    ? String(context?.getParameter(extension.UNMASKED_RENDERER_WEBGL))
    : "a renderer without a name";
}

/** Milliseconds after which the first call stands for all: what takes so long does not take it to compile. */
const PATIENCE = 3000;

/** The selection from eight directions in one mode: milliseconds of four calls without the first, which compiles, and the choice. */
export async function selectByKernels(mode: GpuMode): Promise<{ milliseconds: number[]; indices: number[] }> {
  const kernels = await createKernels({ mode });
  const selector = createSelector({ ...OFFICIAL, kernels });
  const sources = drawSources();
  const [before, gradients] = [estimates(8, 1), estimates(8, 2)];
  // the history comes from the CPU: it is the same
  const { state } = await createSelector(OFFICIAL).select(selector.init(), { gradients: before, sources });
  const milliseconds: number[] = [];
  let result: SelectionResult | undefined;
  for (let call = 0; call < 4 && !(milliseconds[0] > PATIENCE); call++) {
    const start = performance.now();
    result = await selector.select(state, { gradients, sources });
    milliseconds.push(performance.now() - start);
    const { features, choice } = result.diagnostics.modes ?? {};
    if (features !== mode || choice !== mode)
      throw new Error(`gpu.js: ${mode} ran on ${features}, ${choice}`);
  }
  await kernels.dispose();
  const [first, ...others] = milliseconds;
  return { milliseconds: others.length > 0 ? others : [first], indices: Array.from(result?.indices ?? []) };
}
