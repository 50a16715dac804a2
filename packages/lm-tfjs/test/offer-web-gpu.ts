import { createRequire } from "node:module";
import { type GraphicsAdapter, offeredAdapter } from "../src/web-gpu/graphics-adapter.ts";

/**
 * The adapter behind `navigator.gpu`, which is put there through the `webgpu` package of the workspace; undefined where that finds none.
 * Debian's `libvulkan1` with any Vulkan driver is enough; SwiftShader will do.
 */
export function offerWebGpu(): Promise<GraphicsAdapter | undefined> {
  const kernels = createRequire(new URL("../../kernels/package.json", import.meta.url));
  const fromGpuJs = createRequire(kernels.resolve("gpu.js"));
  return offeredAdapter(() => import(fromGpuJs.resolve("webgpu")));
}
