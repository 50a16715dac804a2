import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { transposedProduct } from "../src/blocks/product.ts";
import { chooseBackend, createModel, kernelArithmetic } from "../src/index.ts";
import { tinyConfig } from "./tiny-model.ts";

describe("chooseBackend", () => {
  it("is needed before a model is made", () => {
    expect(() => createModel(tinyConfig(), { seed: 1 })).toThrow(
      new Error("createModel: no TensorFlow.js back end is active, call `await chooseBackend()` first"),
    );
  });

  it("makes wasm the active one, and others on request", async () => {
    expect(await chooseBackend()).toBe("wasm");
    expect(tf.getBackend()).toBe("wasm");
    expect(await chooseBackend("cpu")).toBe("cpu");
    expect(tf.getBackend()).toBe("cpu");
  });

  it("fails where another one would be left active in silence", async () => {
    await expect(chooseBackend("webgl")).rejects.toThrow(
      /^chooseBackend: TensorFlow\.js back end "webgl" is not available \(.*\); install @tensorflow\/tfjs-backend-webgl 4\.22 or choose another one$/,
    );
    expect(tf.getBackend()).toBe("cpu");
  });

  it("rounds products twice when asked for exact ones, and says how they round", async () => {
    await chooseBackend("cpu");
    expect(kernelArithmetic()).toBeUndefined();
    // (1 + 2^-12)^2 = 1 + 2^-11 + 2^-24: rounded to float32 the product loses its last term, fused it keeps it
    const x = 1 + 2 ** -12;
    const product = async (): Promise<number> => {
      const [a, b] = [tf.tensor([-1, x], [2, 1]), tf.tensor([1 + 2 ** -11, 1, 1, 1, x, 1, 1, 1], [2, 4])];
      const result = transposedProduct(a, b);
      const [value] = await result.data();
      tf.dispose([a, b, result]);
      return value;
    };
    await chooseBackend("wasm", { exact: true });
    expect(kernelArithmetic()).toBe("exact");
    expect(await product()).toBe(0);
    await chooseBackend("wasm", { exact: false });
    // Node 20 has no relaxed SIMD, and a machine without the instruction rounds twice
    const relaxed = await product();
    expect(kernelArithmetic() === "relaxed" ? [0, 2 ** -24] : [0]).toContain(relaxed);
  });
});
