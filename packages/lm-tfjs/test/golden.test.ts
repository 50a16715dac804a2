import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Batch } from "@colm/data";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type CausalLM,
  chooseBackend,
  forwardPool,
  lastValueGradients,
  loadModel,
  lossAndGradients,
  mergeAdapter,
  saveModel,
  trainableVariables,
} from "../src/index.ts";
import { adamW } from "./adamw.ts";
import { goldenRoot, hasGolden, maxDifference, normDifference, readGolden } from "./golden-file.ts";

if (!hasGolden) it("golden files of language models are missing (../shared/golden/hf): skipped", () => {});

// the plain operations of the cpu back end are slow: as many architectures as it takes to run each of them
const cases = [
  { architecture: "llama", backend: "wasm" },
  { architecture: "llama3-tied", backend: "wasm" },
  { architecture: "mistral", backend: "wasm" },
  { architecture: "qwen2", backend: "wasm" },
  { architecture: "qwen3", backend: "wasm" },
  { architecture: "phi3", backend: "wasm" },
  { architecture: "stablelm", backend: "wasm" },
  { architecture: "phi", backend: "wasm" },
  { architecture: "gpt2", backend: "wasm" },
  { architecture: "llama3-tied", backend: "cpu" },
  { architecture: "mistral", backend: "cpu" },
  { architecture: "qwen3", backend: "cpu" },
  { architecture: "phi", backend: "cpu" },
  { architecture: "gpt2", backend: "cpu" },
] as const;

// tolerances of the golden files' README: logits and losses 1e-4, gradients and the AdamW trajectory 1e-3
describe.skipIf(!hasGolden).each(cases)("$architecture on $backend, as transformers and PEFT", (which) => {
  let golden: ReturnType<typeof readGolden>;
  let batch: Batch;
  let base: CausalLM;
  let adapted: CausalLM;

  beforeAll(async () => {
    const folder = fileURLToPath(new URL(which.architecture, goldenRoot));
    golden = readGolden(which.architecture);
    await chooseBackend(which.backend);
    base = await loadModel(folder);
    adapted = await loadModel(folder, { adapter: `${folder}/adapter` });
    const integers = (name: string): Int32Array => Int32Array.from(golden.tensor(name).values);
    const [rows, tokens] = golden.tensor("input_ids").shape;
    batch = {
      inputIds: integers("input_ids"),
      attentionMask: integers("attention_mask"),
      labels: integers("labels"),
      shape: [rows, tokens],
    };
  });
  afterAll(() => {
    base.dispose();
    adapted.dispose();
  });

  const expected = (name: string): Float32Array | Int32Array => golden.tensor(name).values;

  it("hidden states of every layer", async () => {
    for (let layer = 0; layer <= base.config.numHiddenLayers; layer++) {
      const { data } = await base.hiddenStates(batch, layer);
      expect(maxDifference(data, expected(`hidden_states.${layer}`)), `layer ${layer}`).toBeLessThan(1e-4);
    }
  });

  it("logits and losses, with and without the adapter", async () => {
    expect(maxDifference((await base.logits(batch)).data, expected("logits"))).toBeLessThan(1e-4);
    expect(maxDifference(await base.losses(batch), expected("per_example_loss"))).toBeLessThan(1e-4);
    expect(maxDifference((await adapted.logits(batch)).data, expected("lora.logits"))).toBeLessThan(1e-4);
    expect(maxDifference(await adapted.losses(batch), expected("lora.per_example_loss"))).toBeLessThan(1e-4);
  });

  it.each([{ checkpoint: false }, { checkpoint: true }])(
    "the gradient by every LoRA factor, %o",
    async (options) => {
      const { losses, gradients } = await lossAndGradients(adapted, batch, options);
      const names = golden.names.filter((name) => name.startsWith("lora.grad."));
      expect([...gradients.keys()].map((name) => `lora.grad.${name}`).sort()).toEqual(names.sort());
      for (const [name, gradient] of gradients) {
        const { shape, values } = golden.tensor(`lora.grad.${name}`);
        expect(gradient.shape, name).toEqual(shape);
        expect(normDifference(await gradient.data(), values), name).toBeLessThan(1e-3);
        gradient.dispose();
      }
      expect(maxDifference(losses, expected("lora.per_example_loss"))).toBeLessThan(1e-4);
    },
  );

  it("per-example gradients of the last V projection", async () => {
    const pass = await forwardPool(adapted, batch, { keep: "last" });
    const { data, shape } = await lastValueGradients(adapted, pass);
    const values = await lastValueGradients(adapted, pass, { rows: "values" });
    pass.dispose();
    const expectedRows = expected("last_v.lora_B.per_example_grad");
    expect(shape).toEqual([batch.shape[0], expectedRows.length / batch.shape[0]]);
    expect(normDifference(data, expectedRows)).toBeLessThan(1e-3);
    expect(trainableVariables(adapted).get(golden.metadata.last_v_parameter)?.size).toBe(shape[1]);
    // of a fused projection the rows of the values stand last
    const own = values.shape[1];
    const tail = Float32Array.from({ length: values.data.length }, (_, i) => {
      const [row, column] = [Math.floor(i / own), i % own];
      return data[(row + 1) * shape[1] - own + column];
    });
    expect(normDifference(values.data, tail)).toBeLessThan(1e-5);
    expect(values.shape[1]).toBe(8 * base.config.numKeyValueHeads * base.config.headDim);
  });

  it("merged into a plain checkpoint, and saved without one, the same logits", async () => {
    const folder = await mkdtemp(join(tmpdir(), "colm-golden-"));
    try {
      await mergeAdapter(adapted, join(folder, "merged"));
      await saveModel(base, join(folder, "base"));
      for (const [name, wanted] of [
        ["merged", "lora.logits"],
        ["base", "logits"],
      ]) {
        const model = await loadModel(join(folder, name));
        expect(model.config).toEqual(base.config);
        expect(maxDifference((await model.logits(batch)).data, expected(wanted)), name).toBeLessThan(1e-4);
        model.dispose();
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("the mean over all labelled tokens of the batch", async () => {
    const losses = await adapted.losses(batch);
    const [rows, tokens] = batch.shape;
    const counts = Array.from(
      { length: rows },
      (_, b) => batch.labels.slice(b * tokens + 1, (b + 1) * tokens).filter((label) => label !== -100).length,
    );
    const all = counts.reduce((sum, count) => sum + count, 0);
    const mean = losses.reduce((sum, loss, b) => sum + (loss * counts[b]) / all, 0);
    expect(Math.abs(mean / expected("lora.token_mean_loss")[0] - 1)).toBeLessThan(1e-4);
  });

  it("six steps of AdamW", async () => {
    const rates = expected("adamw.lrs");
    const step = adamW({ weightDecay: 0.01, clip: 1 });
    for (let t = 0; t < rates.length; t++) {
      const { losses, gradients } = await lossAndGradients(adapted, batch);
      const loss = losses.reduce((sum, value) => sum + value, 0) / losses.length;
      const norm = await step(trainableVariables(adapted), gradients, rates[t]);
      tf.dispose([...gradients.values()]);
      expect(Math.abs(loss / expected("adamw.losses")[t] - 1), `loss ${t}`).toBeLessThan(1e-3);
      expect(Math.abs(norm / expected("adamw.grad_norms")[t] - 1), `norm ${t}`).toBeLessThan(1e-3);
    }
    const final = await adapted.losses(batch);
    expect(maxDifference(final, expected("adamw.final_per_example_loss"))).toBeLessThan(1e-3);
  });
});
