import { createRequire } from "node:module";

/**
 * Puts Dawn behind `navigator.gpu`, as a browser would, through the `webgpu` package that gpu.js brings along;
 * false where that finds no adapter. Debian's `libvulkan1` with any Vulkan driver is enough; SwiftShader will do.
 */
export async function offerWebGpu(): Promise<boolean> {
  const fromGpuJs = createRequire(createRequire(import.meta.url).resolve("gpu.js"));
  const webgpu = await import(fromGpuJs.resolve("webgpu")).catch(() => undefined);
  if (webgpu === undefined) return false;
  Object.assign(globalThis, webgpu.globals);
  const gpu = webgpu.create([]);
  if ((await gpu.requestAdapter()) === null) return false;
  Object.defineProperty(navigator, "gpu", { value: gpu, configurable: true });
  return true;
}
