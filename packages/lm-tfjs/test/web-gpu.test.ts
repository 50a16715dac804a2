import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { normal } from "@colm/array";
import type { Batch } from "@colm/data";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  addLora,
  type CausalLM,
  chooseBackend,
  createModel,
  forwardPool,
  generateTokens,
  graphicsAdapter,
  kernelArithmetic,
  lastValueGradients,
  lastValueSpsa,
  loadModel,
  lossAndGradients,
  memoryNeed,
  poolInputs,
  saveModel,
  setTrainable,
  startWorkers,
  trainableVariables,
} from "../src/index.ts";
import { goldenRoot, hasGolden, maxDifference, normDifference, readGolden } from "./golden-file.ts";
import { offerWebGpu } from "./offer-web-gpu.ts";
import { fillAdapter, tinyBatch, tinyConfig } from "./tiny-model.ts";

// shaders are compiled by the test that first needs them, on SwiftShader by the processor
vi.setConfig({ testTimeout: 600_000 });

const adapter = await offerWebGpu();
if (!adapter) it("the webgpu package finds no adapter here: WebGPU is skipped", () => {});

describe.skipIf(!adapter)("the webgpu back end", () => {
  beforeAll(async () => void (await chooseBackend("webgpu")));

  it("runs on the adapter that it names, without kernels of our own", async () => {
    expect(tf.getBackend()).toBe("webgpu");
    expect(kernelArithmetic()).toBeUndefined();
    expect(await graphicsAdapter()).toEqual(adapter);
  });

  it("is not chosen by itself where a program imitates the adapter", async () => {
    expect(await chooseBackend("auto")).toBe(adapter?.isSoftware ? "wasm" : "webgpu");
    await chooseBackend("webgpu");
  });

  it("adds in one order: a row of a product has the same bits alone and among others", async () => {
    const depth = 2048;
    const draw = (rows: number, columns: number, seed: number): tf.Tensor =>
      tf.tensor(normal(new Float32Array(rows * columns), { seed }), [rows, columns]);
    const [a, b] = [draw(160, depth, 1), draw(depth, 64, 2)];
    const all = await valuesOf(() => tf.slice(tf.matMul(a, b), [0, 0], [4, 64]));
    const alone = await valuesOf(() => tf.matMul(tf.slice(a, [0, 0], [4, depth]), b));
    expect(alone).toEqual(all);
    tf.dispose([a, b]);
  });

  it("gives the bits of one pass with block inputs alone kept, and started from a pool's pass", async () => {
    const model = createModel(tinyConfig(), { seed: 5 });
    addLora(model, { rank: 2, alpha: 4, targets: ["all-linear"], dropout: 0.25, seed: 2 });
    fillAdapter(model);
    const batch = tinyBatch();
    const rows = Int32Array.of(3, 0);
    const dropout = { seed: 1, step: 7 };
    const pass = poolInputs(model, batch, { dropout });
    const steps = [
      await lossAndGradients(model, batch, { rows, dropout }),
      await lossAndGradients(model, batch, { rows, dropout, checkpoint: true }),
      await lossAndGradients(model, batch, { rows, pass }),
    ];
    pass.dispose();
    const [plain, ...others] = steps;
    for (const { losses, gradients } of others) {
      expect(losses).toEqual(plain.losses);
      for (const [name, gradient] of gradients) {
        expect(await gradient.data(), name).toEqual(await plain.gradients.get(name)?.data());
      }
    }
    for (const { gradients } of steps) tf.dispose([...gradients.values()]);
    model.dispose();
  });

  it("writes the text that wasm writes, and estimates the directional derivatives of the exact gradients", async () => {
    const model = createModel(tinyConfig(), { seed: 5 });
    const ids = await written(model);
    const pass = await forwardPool(model, tinyBatch(), { keep: "last" });
    const exact = await lastValueGradients(model, pass);
    const { coefficients, dimension } = await lastValueSpsa(model, pass, { seed: 3, epsilon: 0.01 });
    pass.dispose();
    model.dispose();
    const z = normal(new Float32Array(dimension), { seed: 3 });
    const along = Float32Array.from({ length: 5 }, (_, i) =>
      z.reduce((sum, zk, k) => sum + zk * exact.data[i * dimension + k], 0),
    );
    expect(maxDifference(coefficients.data, along)).toBeLessThan(1e-2);

    await chooseBackend("wasm");
    const same = createModel(tinyConfig(), { seed: 5 });
    expect(await written(same)).toEqual(ids);
    same.dispose();
    await chooseBackend("webgpu");
  });

  it("runs in no worker thread, and says so", async () => {
    const model = createModel(tinyConfig(), { seed: 5 });
    await expect(startWorkers(model, { count: 1 })).rejects.toThrow(
      'startWorkers: workers run on the back ends "wasm" and "cpu" alone, got "webgpu"',
    );
    model.dispose();
  });

  async function written(model: CausalLM): Promise<number[]> {
    const ids: number[] = [];
    for await (const id of generateTokens(model, Int32Array.of(3, 1, 4), { maxNewTokens: 4 })) ids.push(id);
    return ids;
  }
});

const isGolden = adapter !== undefined && hasGolden;
if (adapter && !hasGolden) it("golden files of language models are missing: skipped on WebGPU", () => {});

interface GoldenCase {
  readonly golden: ReturnType<typeof readGolden>;
  readonly folder: string;
  readonly batch: Batch;
}

function goldenCase(architecture: string): GoldenCase {
  const golden = readGolden(architecture);
  const integers = (name: string): Int32Array => Int32Array.from(golden.tensor(name).values);
  const [rows, tokens] = golden.tensor("input_ids").shape;
  const batch: Batch = {
    inputIds: integers("input_ids"),
    attentionMask: integers("attention_mask"),
    labels: integers("labels"),
    shape: [rows, tokens],
  };
  return { golden, batch, folder: fileURLToPath(new URL(architecture, goldenRoot)) };
}

// float32 in other orders of summation, and exponentials that WGSL allows to be off by a few units in the last place
const LOSSES = 1e-5;
const GRADIENTS = 1e-4;

describe.skipIf(!isGolden).each(["llama", "gpt2", "qwen3", "phi"])(
  "%s on webgpu, as transformers and PEFT",
  (name) => {
    it("losses, per-example gradients of the last V projection, and from the same pass every LoRA gradient", async () => {
      await chooseBackend("webgpu");
      const { golden, folder, batch } = goldenCase(name);
      const model = await loadModel(folder, { adapter: `${folder}/adapter` });
      const pass = await forwardPool(model, batch);
      expect(maxDifference(pass.losses, golden.tensor("lora.per_example_loss").values)).toBeLessThan(LOSSES);
      const { data } = await lastValueGradients(model, pass);
      const expected = golden.tensor("last_v.lora_B.per_example_grad").values;
      expect(normDifference(data, expected)).toBeLessThan(GRADIENTS);
      const { gradients } = await lossAndGradients(model, batch, { pass });
      pass.dispose();
      expect(gradients.size).toBe(golden.names.filter((each) => each.startsWith("lora.grad.")).length);
      for (const [each, gradient] of gradients) {
        const { values } = golden.tensor(`lora.grad.${each}`);
        expect(normDifference(await gradient.data(), values), each).toBeLessThan(GRADIENTS);
        gradient.dispose();
      }
      model.dispose();
    });
  },
);

describe.skipIf(!isGolden)("weights held as float16", () => {
  let golden: GoldenCase;
  let full: CausalLM;
  let halved: CausalLM;
  let fullBytes: number;
  let halvedBytes: number;

  beforeAll(async () => {
    await chooseBackend("webgpu");
    golden = goldenCase("llama");
    const { folder, batch } = golden;
    const resident = async (load: () => Promise<CausalLM>): Promise<[CausalLM, number]> => {
      const before = tf.memory().numBytes;
      const model = await load();
      return [model, tf.memory().numBytes - before];
    };
    [full, fullBytes] = await resident(() => loadModel(folder));
    [halved, halvedBytes] = await resident(() => loadModel(folder, { weights: "float16" }));
    expect(batch.shape[0]).toBeGreaterThan(0);
  });
  afterAll(() => {
    full.dispose();
    halved.dispose();
  });

  it("take half the bytes, also on the device", async () => {
    expect(fullBytes).toBe(memoryNeed(full.config).weightBytes);
    expect(halvedBytes).toBe(memoryNeed(full.config, { weights: "float16" }).weightBytes);
    // norms alone stay float32
    expect(halvedBytes / fullBytes).toBeLessThan(0.51);
    const before = await deviceBytes();
    const another = await loadModel(golden.folder, { weights: "float16" });
    // tensors are sent to the device when they are first used
    await another.losses(golden.batch);
    expect((await deviceBytes()) - before).toBe(halvedBytes);
    another.dispose();
  });

  it("are the nearest half-precision numbers, under the names and shapes of the file", async () => {
    const parameters = full.parameters();
    for (const [name, { shape, data }] of halved.parameters()) {
      const expected = parameters.get(name);
      expect(shape, name).toEqual(expected?.shape);
      expect(normDifference(await data(), (await expected?.data()) ?? []), name).toBeLessThan(2 ** -11);
    }
  });

  it("change losses by less than 1e-3, LoRA gradients and value gradients by less than 1e-2", async () => {
    const { batch, folder } = golden;
    const model = await loadModel(folder, { adapter: `${folder}/adapter`, weights: "float16" });
    expect([...trainableVariables(model).values()].every(({ dtype }) => dtype === "float32")).toBe(true);
    const pass = await forwardPool(model, batch);
    const wanted = golden.golden.tensor("lora.per_example_loss").values;
    expect(maxDifference(pass.losses, wanted)).toBeLessThan(1e-3);
    // and they are not silently float32
    expect(maxDifference(pass.losses, wanted)).toBeGreaterThan(1e-6);
    const { data } = await lastValueGradients(model, pass);
    const expected = golden.golden.tensor("last_v.lora_B.per_example_grad").values;
    expect(normDifference(data, expected)).toBeLessThan(1e-2);
    const { gradients } = await lossAndGradients(model, batch, { pass });
    pass.dispose();
    for (const [name, gradient] of gradients) {
      const { values } = golden.golden.tensor(`lora.grad.${name}`);
      expect(normDifference(await gradient.data(), values), name).toBeLessThan(1e-2);
      gradient.dispose();
    }
    model.dispose();
  });

  it("compute what a float32 model of the same numbers computes, learned positions included", async () => {
    const { folder, batch } = goldenCase("gpt2");
    const model = await loadModel(folder, { weights: "float16" });
    const path = await mkdtemp(join(tmpdir(), "colm-half-"));
    try {
      await saveModel(model, path);
      const same = await loadModel(path);
      expect(await model.losses(batch)).toEqual(await same.losses(batch));
      same.dispose();
    } finally {
      await rm(path, { recursive: true });
    }
    model.dispose();
  });

  it("stay frozen", () => {
    expect(() => setTrainable(halved, "all")).toThrow(
      new RangeError(
        'setTrainable: "which" must not be "all" on a model whose weights are held as float16, load it with weights "float32"',
      ),
    );
  });

  async function deviceBytes(): Promise<number> {
    // what is waiting to be sent or freed is done with once something is read
    await valuesOf(() => tf.add(tf.ones([2000]), tf.ones([2000])));
    const memory: object = tf.memory();
    return "numBytesInGPU" in memory && typeof memory.numBytesInGPU === "number" ? memory.numBytesInGPU : NaN;
  }
});

async function valuesOf(compute: () => tf.Tensor): Promise<ArrayLike<number>> {
  const result = tf.tidy(compute);
  const data = await result.data();
  result.dispose();
  return data;
}
