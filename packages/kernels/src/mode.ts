import { describe } from "@colm/array";
import { WebAssemblyKernel, WebGL2Kernel } from "gpu.js";
import { isHardwareWebGl2 } from "./web-gl2-renderer.ts";
import { isHardwareAdapter, webGpuAdapter } from "./web-gpu-adapter.ts";

/** A back end of gpu.js. */
export type KernelMode = "webgpu" | "webgl2" | "webasm" | "cpu";

const order: readonly KernelMode[] = ["webgpu", "webgl2", "webasm", "cpu"];

/** The mode itself where it can run here; for `"auto"` the first of the order that can, on real hardware. */
export async function resolveMode(caller: string, mode: KernelMode | "auto"): Promise<KernelMode> {
  if (mode === "auto") {
    for (const candidate of order) if (await runsWell(candidate)) return candidate;
    return "cpu";
  }
  if (!order.includes(mode)) {
    throw new RangeError(
      `${caller}: "mode" must be "auto", "webgpu", "webgl2", "webasm" or "cpu", got ${describe(mode)}`,
    );
  }
  if (!(await runs(mode))) {
    const usable: KernelMode[] = [];
    for (const candidate of order) if (await runs(candidate)) usable.push(candidate);
    const list = usable.map((name) => `"${name}"`).join(" or ");
    throw new RangeError(`${caller}: "mode" must be ${list} on this machine, got "${mode}"`);
  }
  return mode;
}

/** Whether the mode can run at all, on a software adapter too. */
async function runs(mode: KernelMode): Promise<boolean> {
  if (mode === "webgpu") return (await webGpuAdapter()) !== undefined;
  if (mode === "webgl2") return WebGL2Kernel.isSupported;
  return mode === "cpu" || WebAssemblyKernel.isSupported;
}

async function runsWell(mode: KernelMode): Promise<boolean> {
  if (mode === "webgpu") {
    const adapter = await webGpuAdapter();
    return adapter !== undefined && isHardwareAdapter(adapter);
  }
  if (mode === "webgl2") return (await runs(mode)) && isHardwareWebGl2();
  return runs(mode);
}
