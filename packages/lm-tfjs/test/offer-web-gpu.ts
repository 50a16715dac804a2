import { type GraphicsAdapter, offeredAdapter } from "../src/web-gpu/graphics-adapter.ts";

/**
 * The adapter behind `navigator.gpu`, which is put there through the package `webgpu`; undefined where that finds none.
 * Debian's `libvulkan1` with any Vulkan driver is enough; SwiftShader will do.
 */
export function offerWebGpu(): Promise<GraphicsAdapter | undefined> {
  return offeredAdapter(() => import("webgpu"));
}
