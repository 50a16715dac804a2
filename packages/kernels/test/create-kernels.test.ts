import { adamNormalize } from "@colm/adam-normalize";
import { matrix, normal } from "@colm/array";
import { GPU } from "gpu.js";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openGpu, requireMode } from "../src/gpu-adapter.ts";
import { createKernels } from "../src/index.ts";
import { hardwareModes } from "../src/mode.ts";
import { isHardwareWebGl2 } from "../src/web-gl2-renderer.ts";
import { isHardwareAdapter, webGpuAdapter } from "../src/web-gpu-adapter.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("createKernels", () => {
  it("never takes a software adapter by itself", async () => {
    vi.stubGlobal("navigator", offering({ info: { vendor: "google", architecture: "swiftshader" } }));
    expect(await hardwareModes()).toEqual(["webasm", "cpu"]);
  });

  it("takes a hardware adapter by itself", async () => {
    vi.stubGlobal("navigator", offering({ info: { vendor: "nvidia", architecture: "hopper" } }));
    expect(await hardwareModes()).toEqual(["webgpu", "webasm", "cpu"]);
  });

  it("refuses a mode that does not exist or cannot run here", async () => {
    await expect(createKernels({ mode: JSON.parse('"gpu"') })).rejects.toThrow(
      new RangeError(
        'createKernels: "mode" must be "auto", "webgpu", "webgl2", "webasm" or "cpu", got "gpu"',
      ),
    );
    await expect(createKernels({ mode: "webgl2" })).rejects.toThrow(
      new RangeError('createKernels: "mode" must be "webasm" or "cpu" on this machine, got "webgl2"'),
    );
  });

  it("splits tables among threads in webasm mode, with the same results", async () => {
    const points = matrix(normal(new Float32Array(80 * 300), { seed: 1 }), 80, 300);
    const adam = adamNormalize();
    const [one, two] = [
      await createKernels({ mode: "webasm" }),
      await createKernels({ mode: "webasm", threads: 2 }),
    ];
    expect(two.mode).toBe("webasm");
    for (const metric of ["l1", "l2"] as const) {
      const [a, b] = [await one.pairwise(points, metric), await two.pairwise(points, metric)];
      expect(b.data).toEqual(a.data);
    }
    const medoids = { count: 11, metric: "l1" } as const;
    expect(await two.selectMedoids(points, medoids)).toEqual(await one.selectMedoids(points, medoids));
    expect((await two.gram(points)).data).toEqual((await one.gram(points)).data);
    const stream = [adam.init(300), points, { keep: 20, normalizer: adam }] as const;
    expect((await two.normalizedFeatures(...stream)).data).toEqual(
      (await one.normalizedFeatures(...stream)).data,
    );
    await Promise.all([one.dispose(), two.dispose()]);
  });

  it("refuses a number of threads that is none", async () => {
    await expect(createKernels({ threads: 0 })).rejects.toThrow(
      new RangeError('createKernels: "threads" must be at least 1, got 0'),
    );
    await expect(createKernels({ threads: 1.5 })).rejects.toThrow(
      new RangeError('createKernels: "threads" must be an integer in [0, 1024], got 1.5'),
    );
  });

  it("refuses a place to draw directions that does not exist", async () => {
    await expect(createKernels(JSON.parse('{ "directions": "gpu" }'))).rejects.toThrow(
      new RangeError('createKernels: "directions" must be "cpu" or "device", got "gpu"'),
    );
  });

  it("computes nothing after dispose, which may be called twice", async () => {
    const kernels = await createKernels({ mode: "cpu" });
    const points = matrix(Float32Array.of(1, 3), 2, 1);
    const early = kernels.pairwise(points, "l1");
    await Promise.all([kernels.dispose(), kernels.dispose()]);
    expect((await early).get(0, 1)).toBe(2);
    await expect(kernels.pairwise(points, "l1")).rejects.toThrow(
      new Error("pairwise: the kernels were disposed of; create new ones"),
    );
  });
});

describe("isHardwareAdapter", () => {
  it("knows the programs that imitate a graphics processor", () => {
    expect(isHardwareAdapter({ info: { vendor: "nvidia", architecture: "hopper" } })).toBe(true);
    expect(isHardwareAdapter({})).toBe(true);
    expect(isHardwareAdapter({ isFallbackAdapter: true })).toBe(false);
    expect(isHardwareAdapter({ info: { isFallbackAdapter: true } })).toBe(false);
    expect(isHardwareAdapter({ info: { architecture: "swiftshader" } })).toBe(false);
    expect(isHardwareAdapter({ info: { description: "llvmpipe (LLVM 15.0.6, 256 bits)" } })).toBe(false);
  });

  it("is asked of the adapter that navigator offers, if it offers one", async () => {
    vi.stubGlobal("navigator", {});
    expect(await webGpuAdapter()).toBeUndefined();
    vi.stubGlobal("navigator", offering(null));
    expect(await webGpuAdapter()).toBeUndefined();
    vi.stubGlobal("navigator", { gpu: { requestAdapter: () => Promise.reject(new Error("lost")) } });
    expect(await webGpuAdapter()).toBeUndefined();
  });
});

describe("isHardwareWebGl2", () => {
  it("goes by the name of the renderer", () => {
    expect(isHardwareWebGl2()).toBe(false);
    vi.stubGlobal("OffscreenCanvas", canvasOf("ANGLE (NVIDIA, NVIDIA H200, OpenGL 4.6)"));
    expect(isHardwareWebGl2()).toBe(true);
    vi.stubGlobal("OffscreenCanvas", canvasOf("ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)))"));
    expect(isHardwareWebGl2()).toBe(false);
    vi.stubGlobal("OffscreenCanvas", canvasOf(""));
    expect(isHardwareWebGl2()).toBe(false);
  });
});

describe("openGpu", () => {
  it("makes an error of a kernel that gpu.js moves to the CPU", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    const gpu = new GPU({ mode: "webasm" });
    const kernel = gpu.createKernelMap(
      { squares: square },
      function (x: number[]): number {
        return square(x[this.thread.x]);
      },
      { output: [2] },
    );
    kernel([1, 2]);
    expect(warn).toHaveBeenCalled();
    expect(() => requireMode(kernel, "webasm")).toThrow(
      'gpu.js: a kernel for "webasm" ran on "cpu" instead: kernel maps are not supported on the webasm backend',
    );
    await gpu.destroy();
  });

  it("runs loops to their end, however long", async () => {
    const gpu = openGpu("cpu");
    const source = "function (points, n) { var s = 0; for (var k = 0; k < n; k++) { s += 1; } return s; }";
    const kernel = gpu.compile(source, { points: "Array", n: "Integer" });
    const table = await kernel.run([1, 1], [Float32Array.of(0)], 5000);
    expect(table[0][0]).toBe(5000);
    await gpu.dispose();
  });
});

function square(value: number): number {
  return value * value;
}

function offering(adapter: object | null): object {
  return { gpu: { requestAdapter: () => Promise.resolve(adapter) } };
}

function canvasOf(renderer: string): unknown {
  return class {
    getContext(): object {
      return { getExtension: () => ({}), getParameter: () => renderer };
    }
  };
}
