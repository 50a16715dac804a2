import { describe } from "@colm/array";
import { WebAssemblyKernel, WebGL2Kernel } from "gpu.js";
import { isHardwareWebGl2 } from "./web-gl2-renderer.ts";
import { isHardwareAdapter, webGpuAdapter } from "./web-gpu-adapter.ts";

/** A back end of gpu.js. */
export type KernelMode = "webgpu" | "webgl2" | "webasm" | "cpu";

const order: readonly KernelMode[] = ["webgpu", "webgl2", "webasm", "cpu"];

/** The modes that `"auto"` chooses from: those that can run here, the graphics ones on real hardware only. */
export async function hardwareModes(): Promise<KernelMode[]> {
  const found: KernelMode[] = [];
  for (const candidate of order) if (await runsWell(candidate)) found.push(candidate);
  return found;
}

/** Whether the mode hands its work to a graphics processor. */
export function isGraphics(mode: KernelMode): boolean {
  return mode === "webgpu" || mode === "webgl2";
}

/** Requires a mode that can run here, on a software adapter too. */
export async function requireUsable(caller: string, mode: KernelMode): Promise<void> {
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
