import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  addLora,
  type CausalLM,
  chooseBackend,
  createModel,
  lossAndGradients,
  parseModelConfig,
  setTrainable,
  trainableVariables,
} from "../src/index.ts";
import { tinyArchitectures, tinyOf } from "./tiny-architectures.ts";
import { fillAdapter, tinyBatch, tinyConfig, tinyModel } from "./tiny-model.ts";

const batch = tinyBatch();
const lora = { rank: 3, alpha: 6, targets: ["q_proj", "v_proj", "down_proj"], seed: 2 };
let model: CausalLM;
const extra: CausalLM[] = [];

beforeAll(async () => {
  await chooseBackend("wasm");
});
afterEach(() => {
  model.dispose();
  for (const other of extra.splice(0)) other.dispose();
});

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

  it("starts GPT-2's maps into the residual stream smaller, norms at 1 and biases at 0", async () => {
    const fields = tinyArchitectures.find(([title]) => title === "gpt2")?.[1];
    model = createModel(parseModelConfig({ ...fields, n_embd: 64 }), { seed: 1 });
    const values = await valuesOf(model);
    const deviation = (name: string): number => {
      const data = values.get(name) ?? new Float32Array();
      return Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / data.length);
    };
    // 4096 draws: about 1 percent
    expect(deviation("transformer.h.0.attn.c_proj.weight")).toBeCloseTo(0.3 / 2, 2);
    expect(deviation("transformer.h.0.attn.c_attn.weight")).toBeCloseTo(0.3, 1.7);
    expect(new Set(values.get("transformer.h.1.ln_2.weight"))).toEqual(new Set([1]));
    expect(new Set(values.get("transformer.h.1.ln_2.bias"))).toEqual(new Set([0]));
    expect(new Set(values.get("transformer.h.1.mlp.c_fc.bias"))).toEqual(new Set([0]));
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

  it("scales by alpha / rank, or by alpha / sqrt(rank) where it is rank-stabilised", async () => {
    const run = async (options: { alpha: number; useRslora?: boolean }): Promise<Float32Array> => {
      const made = tinyModel();
      extra.push(made);
      addLora(made, { ...lora, rank: 4, ...options });
      fillAdapter(made);
      return made.losses(batch);
    };
    model = tinyModel();
    expect(await run({ alpha: 6, useRslora: true })).toEqual(await run({ alpha: 12 }));
    expect(await run({ alpha: 6 })).not.toEqual(await run({ alpha: 12 }));
  });

  it.each([
    ["llama", ["q_proj", "v_proj"]],
    ["qwen3", ["q_proj", "v_proj"]],
    ["phi", ["q_proj", "v_proj", "fc1", "fc2"]],
    ["phi3", ["qkv_proj"]],
    ["gpt2", ["c_attn"]],
  ])("adapts in %s what PEFT adapts when no target is named", (name, targets) => {
    const fields = tinyArchitectures.find(([title]) => title.split(/[ ,]/)[0] === name)?.[1];
    model = tinyOf({ ...fields });
    addLora(model, { rank: 2, alpha: 4, seed: 1 });
    const adapted = [...trainableVariables(model).keys()].filter(
      (key) => key.includes(".0.") && key.includes("_A"),
    );
    const found = adapted.map((key) => key.split(".").at(-3));
    expect(found).toEqual(targets);
  });

  it("takes all-linear: every map of the blocks, and no head", () => {
    const fields = tinyArchitectures.find(([title]) => title === "gpt2")?.[1];
    model = tinyOf({ ...fields });
    addLora(model, { rank: 2, alpha: 4, targets: ["all-linear"], seed: 1 });
    const shapes = [...trainableVariables(model)].map(([name, { shape }]) => [name, shape]);
    expect(shapes.slice(0, 8)).toEqual([
      ["base_model.model.transformer.h.0.attn.c_attn.lora_A.weight", [2, 16]],
      ["base_model.model.transformer.h.0.attn.c_attn.lora_B.weight", [48, 2]],
      ["base_model.model.transformer.h.0.attn.c_proj.lora_A.weight", [2, 16]],
      ["base_model.model.transformer.h.0.attn.c_proj.lora_B.weight", [16, 2]],
      ["base_model.model.transformer.h.0.mlp.c_fc.lora_A.weight", [2, 16]],
      ["base_model.model.transformer.h.0.mlp.c_fc.lora_B.weight", [20, 2]],
      ["base_model.model.transformer.h.0.mlp.c_proj.lora_A.weight", [2, 20]],
      ["base_model.model.transformer.h.0.mlp.c_proj.lora_B.weight", [16, 2]],
    ]);
    expect(shapes.length).toBe(16);
  });

  it("refuses what cannot be", () => {
    model = tinyModel();
    const refused = (changes: object, message: string): void =>
      expect(() => addLora(model, { ...lora, ...changes })).toThrow(new RangeError(message));
    refused({ rank: 0 }, 'addLora: "rank" must be an integer of at least 1, got 0');
    refused({ alpha: 0 }, 'addLora: "alpha" must be a number above 0, got 0');
    refused({ dropout: 1 }, 'addLora: "dropout" must be in [0, 1), got 1');
    for (const wrong of ["8", true, [8]]) {
      const value = Array.isArray(wrong) ? "an array of 1" : JSON.stringify(wrong);
      refused(
        JSON.parse(`{"alpha":${JSON.stringify(wrong)}}`),
        `addLora: "alpha" must be a number above 0, got ${value}`,
      );
    }
    refused(JSON.parse('{"dropout":"0.1"}'), 'addLora: "dropout" must be in [0, 1), got "0.1"');
    refused({ seed: 0.5 }, 'addLora: "seed" must be an integer of at least 0, got 0.5');
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
