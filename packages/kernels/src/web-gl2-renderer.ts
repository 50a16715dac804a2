import { isSoftwareRenderer } from "./software-renderer.ts";

/** What is read of a `WebGL2RenderingContext`. */
interface WebGl2 {
  getExtension(name: string): unknown;
  getParameter(name: number): unknown;
}

/** `UNMASKED_RENDERER_WEBGL` of `WEBGL_debug_renderer_info`. */
const unmaskedRenderer = 0x9246;

/** Whether WebGL 2 runs here on a graphics processor; a renderer that does not give its name counts as software. */
export function isHardwareWebGl2(): boolean {
  const canvas: unknown = Reflect.get(globalThis, "OffscreenCanvas");
  if (typeof canvas !== "function") return false;
  const context: unknown = Reflect.construct(canvas, [1, 1]).getContext("webgl2");
  if (!isWebGl2(context) || context.getExtension("WEBGL_debug_renderer_info") === null) return false;
  const name = context.getParameter(unmaskedRenderer);
  return typeof name === "string" && name !== "" && !isSoftwareRenderer(name);
}

function isWebGl2(context: unknown): context is WebGl2 {
  return (
    typeof context === "object" && context !== null && "getExtension" in context && "getParameter" in context
  );
}
