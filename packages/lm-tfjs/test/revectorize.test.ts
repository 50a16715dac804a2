import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chooseBackend, kernelArithmetic, lossAndGradients, startWorkers } from "../src/index.ts";
import { revectorized } from "../src/model/backend.ts";
import { fusedKernels } from "../src/simd/fused.ts";
import { compileRevectorized, revectorizeFlags } from "../src/simd/revectorize.ts";
import { requireSameBits } from "../src/simd/same-bits.ts";
import { tinyBatch, tinyModel } from "./tiny-model.ts";

// an empty module: magic and version
const EMPTY = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

describe.runIf(process.arch === "x64")("kernels whose vectors the engine pairs", () => {
  beforeAll(async () => {
    await chooseBackend("wasm", { exact: false, revectorize: false });
  });
  afterAll(async () => {
    await chooseBackend("wasm", { exact: false, revectorize: false });
  });

  it("run where they are asked for, until they are not, and leave the arithmetic alone", async () => {
    expect(revectorized()).toBe(false);
    await chooseBackend("wasm", { exact: true, revectorize: true });
    expect([revectorized(), kernelArithmetic()]).toEqual([true, "exact"]);
    await chooseBackend("wasm");
    expect([revectorized(), kernelArithmetic()]).toEqual([true, "exact"]);
    await chooseBackend("wasm", { exact: false });
    expect([revectorized(), kernelArithmetic()]).toEqual([true, "relaxed"]);
    await chooseBackend("wasm", { revectorize: false });
    expect([revectorized(), kernelArithmetic()]).toEqual([false, "relaxed"]);
  });

  it("give losses and gradients to the last bit, in a worker too", async () => {
    const model = tinyModel();
    const batch = tinyBatch();
    const results = async (): Promise<Float32Array[]> => {
      const { losses, gradients } = await lossAndGradients(model, batch);
      const data = await Promise.all([...gradients.values()].map((x) => x.data<"float32">()));
      tf.dispose([...gradients.values()]);
      return [losses, ...data.map((values) => values.slice())];
    };
    const plain = await results();
    const losses = await model.losses(batch);
    await chooseBackend("wasm", { revectorize: true });
    expect(await results()).toEqual(plain);
    const workers = await startWorkers(model, { count: 1 });
    expect(await workers.losses([batch])).toEqual([losses]);
    await workers.dispose();
    model.dispose();
  }, 60_000);

  it("are refused where a bit is another one", async () => {
    await chooseBackend("wasm", { revectorize: false });
    const kernels = fusedKernels();
    if (!kernels) throw new Error("the wasm back end must have kernels");
    requireSameBits(kernels, kernels);
    const wrong = {
      ...kernels,
      swiglu: kernels.swiglu,
      transposedProduct: (a: tf.Tensor, b: tf.Tensor) => tf.add(kernels.transposedProduct(a, b), 1e-3),
    };
    expect(() => requireSameBits(wrong, kernels)).toThrow(
      new Error(
        'chooseBackend: "revectorize" must be left out, this version of the engine changes what the kernels compute',
      ),
    );
  });

  it("are compiled with the flags of that moment, which are taken back even if it fails", () => {
    const flags: string[] = [];
    const module = compileRevectorized(EMPTY, (flag) => flags.push(flag));
    expect(WebAssembly.Module.exports(module)).toEqual([]);
    const on = ["--experimental-wasm-revectorize", "--no-liftoff", "--no-wasm-lazy-compilation"];
    const off = ["--no-experimental-wasm-revectorize", "--liftoff", "--wasm-lazy-compilation"];
    expect(flags.splice(0)).toEqual([...on, ...off]);
    expect(() => compileRevectorized(Uint8Array.of(1), (flag) => flags.push(flag))).toThrow(
      WebAssembly.CompileError,
    );
    expect(flags).toEqual([...on, ...off]);
  });
});

it("kernels with paired vectors are refused on other processors, saying what they need", async () => {
  const arch = Object.getOwnPropertyDescriptor(process, "arch");
  if (!arch) throw new Error("process must have its own arch");
  Object.defineProperty(process, "arch", { ...arch, value: "arm64" });
  try {
    await expect(revectorizeFlags("chooseBackend")).rejects.toThrow(
      `chooseBackend: "revectorize" needs Node.js 22 or later on an x64 processor, got Node.js ${process.versions.node} on arm64`,
    );
  } finally {
    Object.defineProperty(process, "arch", arch);
  }
});
