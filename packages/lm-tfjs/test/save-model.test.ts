import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  addLora,
  type CausalLM,
  chooseBackend,
  loadModel,
  mergeAdapter,
  saveAdapter,
  saveModel,
  trainableVariables,
} from "../src/index.ts";
import { maxDifference } from "./golden-file.ts";
import { tinyArchitectures, tinyOf } from "./tiny-architectures.ts";
import { fillAdapter, tinyBatch, tinyModel } from "./tiny-model.ts";

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

describe("saving", () => {
  it.each(tinyArchitectures)("%s comes back as it was, its adapter too, and merged", async (name, fields) => {
    model = tinyOf(fields);
    const place = (part: string): string => join(folder, `${name.replace(/\W+/g, "-")}-${part}`);
    await saveModel(model, place("base"));
    const base = await loadModel(place("base"));
    extra.push(base);
    expect(base.config).toEqual(model.config);
    expect(await valuesOf(base)).toEqual(await valuesOf(model));
    addLora(model, { ...lora, targets: ["all-linear"], useRslora: true, dropout: 0.25 });
    fillAdapter(model);
    await saveAdapter(model, place("adapter"));
    const adapted = await loadModel(place("base"), { adapter: place("adapter") });
    extra.push(adapted);
    expect(adapted.lora).toEqual(model.lora);
    expect(await adapted.losses(batch)).toEqual(await model.losses(batch));
    await saveAdapter(adapted, place("again"));
    for (const file of ["adapter_config.json", "adapter_model.safetensors"]) {
      expect(await readFile(join(place("again"), file))).toEqual(
        await readFile(join(place("adapter"), file)),
      );
    }
    await mergeAdapter(adapted, place("merged"));
    const merged = await loadModel(place("merged"));
    extra.push(merged);
    expect(maxDifference(await merged.losses(batch), await model.losses(batch))).toBeLessThan(1e-5);
  });

  it("refuses an adapter that takes the weights to lie otherwise", async () => {
    const fields = tinyArchitectures.find(([title]) => title === "gpt2")?.[1];
    model = tinyOf({ ...fields });
    await saveModel(model, join(folder, "conv"));
    addLora(model, { rank: 2, alpha: 4, seed: 1 });
    await saveAdapter(model, join(folder, "conv-adapter"));
    const config = join(folder, "conv-adapter", "adapter_config.json");
    const text = await readFile(config, "utf8");
    await writeFile(config, text.replace('"fan_in_fan_out": true', '"fan_in_fan_out": false'));
    await expect(loadModel(join(folder, "conv"), { adapter: join(folder, "conv-adapter") })).rejects.toThrow(
      new RangeError('loadModel: "fan_in_fan_out" must be true for gpt2, got false'),
    );
  });

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

  it("leaves the files that stand there when a weight is not finite", async () => {
    model = tinyModel();
    const place = join(folder, "kept");
    await saveModel(model, place);
    const before = await readFile(join(place, "model.safetensors"));
    const variable = trainableVariables(model).get("model.norm.weight");
    tf.tidy(() => variable?.assign(tf.mul(variable, Infinity)));
    await expect(saveModel(model, place)).rejects.toThrow(
      new RangeError(
        'encodeSafetensors: "tensors" must be finite, got Infinity at "model.norm.weight", entry 0',
      ),
    );
    expect(await readFile(join(place, "model.safetensors"))).toEqual(before);
    expect((await readdir(place)).sort()).toEqual(["config.json", "model.safetensors"]);
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
