import * as tf from "@tensorflow/tfjs-core";

/** What computes behind the webgpu back end. */
export interface GraphicsAdapter {
  /** As its driver calls it, or maker and architecture where a browser tells no more. */
  readonly name: string;
  /** Whether it is a program that imitates a graphics processor. */
  readonly isSoftware: boolean;
  /** Whether shaders could compute in half precision (`shader-f16`). Weights held in half precision do not need it. */
  readonly hasFloat16: boolean;
}

/**
 * The graphics adapter that the active back end computes on.
 *
 * @returns Undefined where the active back end is not webgpu.
 * @throws {Error} If the adapter is gone.
 * @example
 * await chooseBackend("cpu");
 * await graphicsAdapter(); // => undefined
 */
export async function graphicsAdapter(): Promise<GraphicsAdapter | undefined> {
  if (tf.getBackend() !== "webgpu") return undefined;
  const adapter = await offeredAdapter();
  if (adapter === undefined) throw new Error("graphicsAdapter: the graphics adapter is no longer there");
  return adapter;
}

/**
 * The adapter that `navigator.gpu` offers to the webgpu back end, undefined where it has none. Node.js has no `navigator.gpu`: it is put
 * there, as a browser would, by the package `webgpu` where that is installed and finds an adapter.
 *
 * @param loadWebGpu - Loads that package.
 * @throws {Error} If there is neither `navigator.gpu` nor the package.
 */
export async function offeredAdapter(
  loadWebGpu: () => Promise<unknown> = importWebGpu,
): Promise<GraphicsAdapter | undefined> {
  const present = navigatorGpu();
  if (present) return describeAdapter(await requested(present));
  const webgpu = await loadWebGpu();
  if (!isWebGpuPackage(webgpu)) throw new Error("the package webgpu is of an unknown version");
  // Dawn reads its own constants from there, and so does the back end
  Object.assign(globalThis, webgpu.globals);
  const gpu = webgpu.create([]);
  const adapter = await requested(gpu);
  if (adapter) offer(gpu);
  return describeAdapter(adapter);
}

async function importWebGpu(): Promise<unknown> {
  // a name in a variable: bundlers for browsers would look for the package
  const name = "webgpu";
  try {
    return await import(name);
  } catch (error) {
    throw new Error("there is no navigator.gpu and no package webgpu", { cause: error });
  }
}

/** The adapter that the back end asks for, too. */
async function requested(gpu: Gpu): Promise<Adapter | undefined> {
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" }).catch(() => null);
  return adapter ?? undefined;
}

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|software/i;

function describeAdapter(adapter: Adapter | undefined): GraphicsAdapter | undefined {
  if (adapter === undefined) return undefined;
  const { info = {}, isFallbackAdapter = false, features } = adapter;
  const { vendor = "", architecture = "", device = "", description = "" } = info;
  const all = [vendor, architecture, device, description].join(" ");
  return {
    name: description || device || [vendor, architecture].join(" ").trim() || "unnamed adapter",
    isSoftware: isFallbackAdapter || info.isFallbackAdapter === true || SOFTWARE.test(all),
    hasFloat16: features.has("shader-f16"),
  };
}

interface Gpu {
  requestAdapter(options: { powerPreference: "high-performance" }): Promise<Adapter | null>;
}

interface Adapter {
  readonly features: { has(name: string): boolean };
  readonly isFallbackAdapter?: boolean;
  readonly info?: {
    readonly vendor?: string;
    readonly architecture?: string;
    readonly device?: string;
    readonly description?: string;
    readonly isFallbackAdapter?: boolean;
  };
}

function navigatorGpu(): Gpu | undefined {
  const navigator: unknown = Reflect.get(globalThis, "navigator");
  if (typeof navigator !== "object" || navigator === null) return undefined;
  // a getter of the prototype in browsers
  const gpu: unknown = Reflect.get(navigator, "gpu");
  return isGpu(gpu) ? gpu : undefined;
}

/** Node.js 20 has no `navigator` either. */
function offer(gpu: Gpu): void {
  const navigator: unknown = Reflect.get(globalThis, "navigator");
  const property = { configurable: true, value: gpu };
  if (typeof navigator === "object" && navigator !== null) Object.defineProperty(navigator, "gpu", property);
  else Object.defineProperty(globalThis, "navigator", { configurable: true, value: { gpu } });
}

function isGpu(value: unknown): value is Gpu {
  return typeof value === "object" && value !== null && "requestAdapter" in value;
}

function isWebGpuPackage(value: unknown): value is { globals: object; create(flags: string[]): Gpu } {
  return typeof value === "object" && value !== null && "globals" in value && "create" in value;
}
