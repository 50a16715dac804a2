import { afterEach, describe, expect, it } from "vitest";
import { chooseBackend, graphicsAdapter } from "../src/index.ts";
import { offeredAdapter } from "../src/web-gpu/graphics-adapter.ts";

const before = Object.getOwnPropertyDescriptor(navigator, "gpu");
afterEach(() => {
  if (before) Object.defineProperty(navigator, "gpu", before);
  else Reflect.deleteProperty(navigator, "gpu");
});

function gpuWith(info: Record<string, unknown> | undefined, features: string[] = []): object {
  const adapter = info && { info, features: new Set(features) };
  return { requestAdapter: async () => adapter ?? null };
}

function offer(gpu: object): void {
  Object.defineProperty(navigator, "gpu", { configurable: true, value: gpu });
}

describe("the adapter behind the webgpu back end", () => {
  it("is named, and told from a program", async () => {
    offer(gpuWith({ vendor: "nvidia", architecture: "hopper", description: "NVIDIA H100" }, ["shader-f16"]));
    expect(await offeredAdapter()).toEqual({ name: "NVIDIA H100", isSoftware: false, hasFloat16: true });
    offer(gpuWith({ vendor: "apple", architecture: "metal-3" }));
    expect(await offeredAdapter()).toEqual({ name: "apple metal-3", isSoftware: false, hasFloat16: false });
    offer(gpuWith({ vendor: "mesa", device: "llvmpipe (LLVM 15)" }));
    expect((await offeredAdapter())?.isSoftware).toBe(true);
    offer(gpuWith({ isFallbackAdapter: true }));
    expect(await offeredAdapter()).toEqual({ name: "unnamed adapter", isSoftware: true, hasFloat16: false });
  });

  it("comes from the package webgpu where there is no navigator.gpu", async () => {
    Reflect.deleteProperty(navigator, "gpu");
    const gpu = gpuWith({ device: "a card" });
    const adapter = await offeredAdapter(async () => ({ globals: {}, create: () => gpu }));
    expect(adapter?.name).toBe("a card");
    expect(Reflect.get(navigator, "gpu")).toBe(gpu);
  });

  it("is not offered where the package finds none, is another one or is missing", async () => {
    Reflect.deleteProperty(navigator, "gpu");
    const none = async (): Promise<object> => ({ globals: {}, create: () => gpuWith(undefined) });
    expect(await offeredAdapter(none)).toBeUndefined();
    expect(Reflect.get(navigator, "gpu")).toBeUndefined();
    await expect(offeredAdapter(async () => ({}))).rejects.toThrow(
      "the package webgpu is of an unknown version",
    );
  });

  it("is asked for before the back end is loaded, and said to be missing", async () => {
    await chooseBackend("cpu");
    offer(gpuWith(undefined));
    await expect(chooseBackend("webgpu")).rejects.toThrow(
      new Error(
        'chooseBackend: TensorFlow.js back end "webgpu" is not available (no graphics adapter was found); ' +
          "in Node.js install the package webgpu 0.6 and a graphics driver, or choose another one",
      ),
    );
    expect(await graphicsAdapter()).toBeUndefined();
    expect(await chooseBackend("auto")).toBe("wasm");
  });
});
