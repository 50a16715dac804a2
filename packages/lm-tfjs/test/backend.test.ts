import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { chooseBackend, createModel } from "../src/index.ts";
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
    await expect(chooseBackend("webgpu")).rejects.toThrow(
      /^chooseBackend: TensorFlow\.js back end "webgpu" is not available \(.*\); install @tensorflow\/tfjs-backend-webgpu 4\.22 or choose another one$/,
    );
    expect(tf.getBackend()).toBe("cpu");
  });
});
