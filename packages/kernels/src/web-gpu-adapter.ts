import { isSoftwareRenderer } from "./software-renderer.ts";

/** What is read of a `GPUAdapter`. */
export interface WebGpuAdapter {
  readonly isFallbackAdapter?: boolean;
  readonly info?: WebGpuAdapterInfo;
}

/** What is read of a `GPUAdapterInfo`. */
export interface WebGpuAdapterInfo {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
  readonly isFallbackAdapter?: boolean;
}

/** The adapter that `navigator.gpu` offers by default, which is the one that gpu.js takes; undefined without one. */
export async function webGpuAdapter(): Promise<WebGpuAdapter | undefined> {
  const navigator: unknown = Reflect.get(globalThis, "navigator");
  if (!hasGpu(navigator)) return undefined;
  const adapter = await navigator.gpu.requestAdapter().catch(() => null);
  return adapter ?? undefined;
}

/** Whether a graphics processor stands behind the adapter, not a program that imitates one. */
export function isHardwareAdapter({ info = {}, isFallbackAdapter = false }: WebGpuAdapter): boolean {
  if (isFallbackAdapter || info.isFallbackAdapter === true) return false;
  const { vendor = "", architecture = "", device = "", description = "" } = info;
  return !isSoftwareRenderer([vendor, architecture, device, description].join(" "));
}

interface WithGpu {
  readonly gpu: { requestAdapter(): Promise<WebGpuAdapter | null> };
}

function hasGpu(navigator: unknown): navigator is WithGpu {
  if (typeof navigator !== "object" || navigator === null || !("gpu" in navigator)) return false;
  const { gpu } = navigator;
  return typeof gpu === "object" && gpu !== null && "requestAdapter" in gpu;
}
