import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  addLora,
  type CausalLM,
  chooseBackend,
  createModel,
  loadModel,
  lossAndGradients,
  mergeAdapter,
  saveAdapter,
  saveModel,
  setTrainable,
  trainableVariables,
} from "../src/index.ts";
import { maxDifference } from "./golden-file.ts";
import { fillAdapter, tinyBatch, tinyConfig, tinyModel } from "./tiny-model.ts";

const batch = tinyBatch();
const lora = { rank: 3, alpha: 6, targets: ["q_proj", "v_proj", "down_proj"], seed: 2 };
let folder: string;
let model: CausalLM;
const extra: CausalLM[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "colm-lm-"));
  await chooseBackend("wasm");
});
afterEach(() => {
  model.dispose();
  for (const other of extra.splice(0)) other.dispose();
});
afterAll(() => rm(folder, { recursive: true }));

async function valuesOf(of: CausalLM): Promise<Map<string, Float32Array>> {
  const entries = [...of.parameters()].map(async ([name, view]) => [name, await view.data()] as const);
  return new Map(await Promise.all(entries));
}

describe("createModel", () => {
  it("has every parameter under its Hugging Face name and shape, trainable", () => {
    model = tinyModel({ tie_word_embeddings: false });
    const shapes = new Map([...model.parameters()].map(([name, { shape }]) => [name, shape]));
    expect(shapes.size).toBe(2 + 2 * 9 + 1);
    expect(shapes.get("model.embed_tokens.weight")).toEqual([24, 16]);
    expect(shapes.get("model.layers.1.self_attn.k_proj.weight")).toEqual([8, 16]);
    expect(shapes.get("model.layers.0.mlp.down_proj.weight")).toEqual([16, 20]);
    expect(shapes.get("lm_head.weight")).toEqual([24, 16]);
    expect([...model.parameters().values()].every(({ trainable }) => trainable)).toBe(true);
  });

  it("draws the same weights from the same seed, others from another", async () => {
    model = createModel(tinyConfig(), { seed: 5 });
    const same = createModel(tinyConfig(), { seed: 5 });
    const other = createModel(tinyConfig(), { seed: 6 });
    extra.push(same, other);
    expect(await valuesOf(same)).toEqual(await valuesOf(model));
    const name = "model.layers.0.mlp.up_proj.weight";
    expect((await valuesOf(other)).get(name)).not.toEqual((await valuesOf(model)).get(name));
    expect((await valuesOf(model)).get("model.norm.weight")).toEqual(new Float32Array(16).fill(1));
  });

  it("repeats a training step bit for bit", async () => {
    model = tinyModel();
    const step = async (): Promise<ArrayLike<number>[]> => {
      const { losses, gradients } = await lossAndGradients(model, batch);
      const data = await Promise.all([...gradients.values()].map((gradient) => gradient.data()));
      tf.dispose([...gradients.values()]);
      return [losses, ...data];
    };
    expect(await step()).toEqual(await step());
  });
});

describe("addLora and setTrainable", () => {
  it("adds factors that change nothing at first, and trains them alone", async () => {
    model = tinyModel();
    const before = await model.losses(batch);
    addLora(model, lora);
    expect(await model.losses(batch)).toEqual(before);
    const variables = trainableVariables(model);
    expect([...variables.keys()].filter((name) => name.includes("layers.1"))).toEqual([
      "base_model.model.model.layers.1.self_attn.q_proj.lora_A.weight",
      "base_model.model.model.layers.1.self_attn.q_proj.lora_B.weight",
      "base_model.model.model.layers.1.self_attn.v_proj.lora_A.weight",
      "base_model.model.model.layers.1.self_attn.v_proj.lora_B.weight",
      "base_model.model.model.layers.1.mlp.down_proj.lora_A.weight",
      "base_model.model.model.layers.1.mlp.down_proj.lora_B.weight",
    ]);
    const down = variables.get("base_model.model.model.layers.1.mlp.down_proj.lora_A.weight");
    expect(down?.shape).toEqual([3, 20]);
    const bound = 1 / Math.sqrt(20);
    expect((await down?.data())?.every((value) => Math.abs(value) <= bound)).toBe(true);
  });

  it("moves gradients between adapter, base weights and nothing", async () => {
    model = tinyModel();
    addLora(model, lora);
    const names = async (): Promise<number> => {
      const { gradients } = await lossAndGradients(model, batch);
      tf.dispose([...gradients.values()]);
      expect([...gradients.keys()].sort()).toEqual([...trainableVariables(model).keys()].sort());
      return gradients.size;
    };
    expect(await names()).toBe(12);
    setTrainable(model, "all");
    expect(await names()).toBe(20);
    setTrainable(model, "none");
    expect(await names()).toBe(0);
    setTrainable(model, "lora");
    expect(await names()).toBe(12);
  });

  it("refuses what cannot be", () => {
    model = tinyModel();
    const refused = (changes: object, message: string): void =>
      expect(() => addLora(model, { ...lora, ...changes })).toThrow(new RangeError(message));
    refused({ rank: 0 }, 'addLora: "rank" must be an integer of at least 1, got 0');
    refused({ alpha: 0 }, 'addLora: "alpha" must be a number above 0, got 0');
    refused({ targets: [] }, 'addLora: "targets" must name at least one linear map');
    refused(
      { targets: ["c_attn"] },
      'addLora: "targets" must be among q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj, got "c_attn"',
    );
    expect(() => setTrainable(model, "lora")).toThrow(
      new RangeError(
        'setTrainable: "which" must not be "lora" on a model without an adapter, call addLora first',
      ),
    );
    addLora(model, lora);
    expect(() => addLora(model, lora)).toThrow(
      new RangeError('addLora: "model" must not have an adapter already'),
    );
  });
});

describe("saving", () => {
  it.each([true, false])("a model comes back as it was, tied %s", async (tied) => {
    model = tinyModel({ tie_word_embeddings: tied });
    await saveModel(model, join(folder, `plain-${tied}`), new Map([["NOTICE", new Uint8Array([65])]]));
    expect(await readFile(join(folder, `plain-${tied}`, "NOTICE"), "utf8")).toBe("A");
    const loaded = await loadModel(join(folder, `plain-${tied}`));
    extra.push(loaded);
    expect(loaded.config).toEqual(model.config);
    expect(await valuesOf(loaded)).toEqual(await valuesOf(model));
    expect(trainableVariables(loaded).size).toBe(0);
  });

  it("an adapter comes back as it was, and its second saving is the same bytes", async () => {
    model = tinyModel();
    await saveModel(model, join(folder, "base"));
    addLora(model, lora);
    fillAdapter(model);
    await saveAdapter(model, join(folder, "adapter"));
    const loaded = await loadModel(join(folder, "base"), { adapter: join(folder, "adapter") });
    extra.push(loaded);
    expect(await loaded.losses(batch)).toEqual(await model.losses(batch));
    expect([...trainableVariables(loaded).keys()]).toEqual([...trainableVariables(model).keys()]);
    await saveAdapter(loaded, join(folder, "again"));
    for (const name of ["adapter_config.json", "adapter_model.safetensors"]) {
      expect(await readFile(join(folder, "again", name))).toEqual(
        await readFile(join(folder, "adapter", name)),
      );
    }
  });

  it("a merged model needs no adapter", async () => {
    model = tinyModel();
    addLora(model, lora);
    fillAdapter(model);
    await mergeAdapter(model, join(folder, "merged"));
    const loaded = await loadModel(join(folder, "merged"));
    extra.push(loaded);
    expect(loaded.lora).toBeUndefined();
    expect(maxDifference(await loaded.losses(batch), await model.losses(batch))).toBeLessThan(1e-6);
  });

  it("refuses to save an adapter that is not there", async () => {
    model = tinyModel();
    const message = '"model" must have an adapter, call addLora first';
    await expect(saveAdapter(model, folder)).rejects.toThrow(new RangeError(`saveAdapter: ${message}`));
    await expect(mergeAdapter(model, folder)).rejects.toThrow(new RangeError(`mergeAdapter: ${message}`));
  });

  it("refuses an adapter of other shapes, and leaves no tensor behind", async () => {
    model = tinyModel();
    await saveModel(model, join(folder, "base"));
    const wide = tinyModel({ intermediate_size: 24 });
    extra.push(wide);
    addLora(wide, lora);
    await saveAdapter(wide, join(folder, "wide"));
    const before = tf.memory().numTensors;
    await expect(loadModel(join(folder, "base"), { adapter: join(folder, "wide") })).rejects.toThrow(
      new RangeError(
        'loadModel: "adapter" must hold base_model.model.model.layers.0.mlp.down_proj.lora_A.weight of shape [3, 20], got [3, 24]',
      ),
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});
