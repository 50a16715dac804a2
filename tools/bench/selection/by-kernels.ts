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

/** The selection from eight directions in one mode: milliseconds of each call, the first of which compiles, and the choice. */
export async function selectByKernels(
  mode: GpuMode,
  calls: number,
): Promise<{ milliseconds: number[]; indices: number[] }> {
  const kernels = await createKernels({ mode });
  const selector = createSelector({ ...OFFICIAL, kernels });
  const sources = drawSources();
  const [before, gradients] = [estimates(8, 1), estimates(8, 2)];
  // the history comes from the CPU: it is the same
  const { state } = await createSelector(OFFICIAL).select(selector.init(), { gradients: before, sources });
  const milliseconds: number[] = [];
  let result: SelectionResult | undefined;
  for (let call = 0; call < calls; call++) {
    const start = performance.now();
    result = await selector.select(state, { gradients, sources });
    milliseconds.push(performance.now() - start);
    const { features, choice } = result.diagnostics.modes ?? {};
    if (features !== mode || choice !== mode)
      throw new Error(`gpu.js: ${mode} ran on ${features}, ${choice}`);
  }
  await kernels.dispose();
  return { milliseconds, indices: Array.from(result?.indices ?? []) };
}
