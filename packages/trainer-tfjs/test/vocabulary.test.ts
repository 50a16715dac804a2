import { collate, type Example } from "@colm/data";
import {
  addLora,
  type CausalLM,
  chooseBackend,
  createModel,
  lastValueGradients,
  parseModelConfig,
  poolInputs,
} from "@colm/lm-tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { memoryBreakdown, type StepEvent, train } from "../src/index.ts";

beforeAll(async () => {
  await chooseBackend("wasm");
});

const VOCABULARIES = [1000, 128_000] as const;
const TOKENS = 24;

function modelOf(vocabulary: number): CausalLM {
  const config = parseModelConfig({
    model_type: "llama",
    vocab_size: vocabulary,
    hidden_size: 16,
    intermediate_size: 24,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    max_position_embeddings: 32,
    tie_word_embeddings: true,
  });
  const model = createModel(config, { seed: 1 });
  addLora(model, { rank: 2, alpha: 4, targets: ["v_proj"], seed: 1 });
  return model;
}

const trainDataset = Array.from({ length: 32 }, (_, i): Example => {
  const inputIds = Int32Array.from({ length: TOKENS }, (_, t) => (37 * i + 11 * t) % 1000);
  return { inputIds, labels: inputIds, source: i % 8 === 0 ? "rare" : "common", truncated: 0 };
});

describe("a vocabulary of 1,000 and one of 128,000", () => {
  it("give features of the same width, and a selection that holds as much", async () => {
    const found = [];
    for (const vocabulary of VOCABULARIES) {
      const model = modelOf(vocabulary);
      const pass = poolInputs(model, collate(trainDataset.slice(0, 4)), { keep: "last" });
      const { shape } = await lastValueGradients(model, pass);
      pass.dispose();
      const run = train({
        model,
        trainDataset,
        pool: 32,
        budget: 8,
        maxSteps: 2,
        perDeviceTrainBatchSize: 4,
        seed: 1,
      });
      const seen: StepEvent[] = [];
      for await (const event of run) if (event.type === "step") seen.push(event);
      const [, second] = seen;
      const history = memoryBreakdown({ model, trainDataset, pool: 32, budget: 8 }).rows.find(
        ({ component }) => component === "history",
      );
      found.push({
        shape: [...shape],
        bytes: second.selection.diagnostics.bytes,
        history: history?.bytes,
        chosen: second.selection.indices.length,
      });
      model.dispose();
    }
    expect(found[1]).toEqual(found[0]);
    expect(found[0].shape).toEqual([4, 2 * 16]);
  });

  it("never hold the logits of a micro-batch: selection and training stay below them", async () => {
    for (const features of ["spsa", "last-value", "last-block"] as const) {
      const model = modelOf(128_000);
      const micro = 16;
      const run = train({
        model,
        trainDataset,
        pool: 32,
        budget: 16,
        maxSteps: 1,
        perDeviceTrainBatchSize: micro,
        selection: { features },
        seed: 1,
      });
      for await (const event of run) {
        if (event.type !== "step") continue;
        const logits = 4 * micro * (TOKENS - 1) * 128_000;
        const { held, selection, training } = event.stageBytes;
        expect(selection - held, features).toBeLessThan(logits / 3);
        expect(training - held, features).toBeLessThan(logits / 3);
      }
      model.dispose();
    }
  });
});
