import type { Example } from "@colm/data";
import { chooseBackend, createModel, parseModelConfig } from "@colm/lm-tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import type { SelectionSettings } from "../src/index.ts";
import { steps } from "./tiny-run.ts";

beforeAll(async () => {
  await chooseBackend("wasm");
});

const trainDataset = Array.from({ length: 32 }, (_, i): Example => {
  const inputIds = Int32Array.from({ length: 12 }, (_, t) => (5 * i + t) % 64);
  return { inputIds, labels: inputIds, source: i % 8 === 0 ? "rare" : "common", truncated: 0 };
});

/** Tensor bytes of a selection above those of the weights, every weight trainable, and of all gradients of the model. */
async function bytesOf(layers: number, selection: SelectionSettings) {
  const config = parseModelConfig({
    model_type: "llama",
    vocab_size: 64,
    hidden_size: 32,
    intermediate_size: 64,
    num_hidden_layers: layers,
    num_attention_heads: 4,
    max_position_embeddings: 16,
    tie_word_embeddings: true,
  });
  const model = createModel(config, { seed: 1 });
  const all = model.allParameters().reduce((sum, { value }) => sum + 4 * value.size, 0);
  const settings = { model, trainDataset, train: "full", pool: 32, budget: 8, maxSteps: 1 } as const;
  const [{ stageBytes }] = await steps({ ...settings, perDeviceTrainBatchSize: 4, selection });
  model.dispose();
  return { selection: stageBytes.selection - stageBytes.held, all };
}

describe("a selection by gradients", () => {
  it("holds those of one projection or block, whatever the depth, and never those of the model", async () => {
    for (const features of ["spsa", "last-value", "last-block"] as const) {
      const shallow = await bytesOf(2, { mode: "default", features });
      const deep = await bytesOf(12, { mode: "default", features });
      expect(deep.selection, features).toBe(shallow.selection);
      expect(deep.selection, features).toBeLessThan(deep.all);
      expect(deep.all).toBeGreaterThan(4 * shallow.all);
    }
  });
});
