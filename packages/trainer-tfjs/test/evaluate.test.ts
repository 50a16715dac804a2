import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chooseBackend, loadModel } from "@colm/lm-tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { evaluate, evaluateAnswers, evaluateExactMatch, lastNumber, trainingPass } from "../src/index.ts";
import { summarize } from "../src/summarize.ts";
import { tinyExamples, tinyModel } from "./tiny.ts";

beforeAll(async () => {
  await chooseBackend("wasm");
});

describe("summarize", () => {
  it("means over the mixture, over sources and over small sources", () => {
    const { micro, macro, small, sources } = summarize(
      [1, 3, 8, 4],
      ["big", "big", "rare", "tiny"],
      ["tiny", "rare"],
    );
    expect([micro, macro, small]).toEqual([4, 14 / 3, 6]);
    expect(sources).toEqual([
      { name: "big", examples: 2, mean: 2 },
      { name: "rare", examples: 1, mean: 8 },
      { name: "tiny", examples: 1, mean: 4 },
    ]);
  });

  it("is NaN over nothing", () => {
    expect(summarize([1], ["a"], []).small).toBeNaN();
  });
});

describe("evaluate", () => {
  it("counts examples without a source to the source of no name", async () => {
    const model = tinyModel();
    const { source: _, ...nameless } = tinyExamples(1)[0];
    const list = JSON.parse("[{}]").map((example: object) => ({ ...example, ...nameless }));
    const { sources } = await evaluate(model, list);
    expect(sources.map(({ name, examples }) => [name, examples])).toEqual([["", 1]]);
    model.dispose();
  });

  it("does not depend on the batch size, and leaks nothing", async () => {
    const model = tinyModel();
    const examples = tinyExamples(20);
    const before = tf.memory().numTensors;
    const [one, many] = [await evaluate(model, examples, { batchSize: 1 }), await evaluate(model, examples)];
    // padding and batching change the order of float32 sums
    expect(many.micro).toBeCloseTo(one.micro, 5);
    expect(many.sources.map(({ name, examples: n }) => [name, n])).toEqual([
      ["a", 10],
      ["b", 8],
      ["rare", 2],
    ]);
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it("is the mean of the model's own losses", async () => {
    const model = tinyModel();
    const [example] = tinyExamples(1);
    const losses = await model.losses({
      inputIds: example.inputIds,
      labels: example.labels,
      attentionMask: new Int32Array(example.inputIds.length).fill(1),
      shape: [1, example.inputIds.length],
    });
    expect((await evaluate(model, [example])).micro).toBe(losses[0]);
    model.dispose();
  });

  it("has the perplexity over all labelled tokens, long answers counting for more", async () => {
    const model = tinyModel();
    const examples = tinyExamples(6);
    const { perplexity } = await evaluate(model, examples, { batchSize: 4 });
    const { loss } = await trainingPass(model, examples, {
      weights: examples.map(() => 1),
      microBatchSize: 6,
      normalization: "tokens",
    });
    expect(perplexity).toBeCloseTo(Math.exp(loss), 3);
    expect((await evaluateExactMatch(model, examples)).perplexity).toBeUndefined();
    model.dispose();
  });

  it("refuses nothing to evaluate", async () => {
    const model = tinyModel();
    const message = '"examples" must have at least 1 example, got 0';
    await expect(evaluate(model, [])).rejects.toThrow(new RangeError(`evaluate: ${message}`));
    await expect(evaluateExactMatch(model, [])).rejects.toThrow(
      new RangeError(`evaluateExactMatch: ${message}`),
    );
    await expect(evaluate(model, tinyExamples(1), { batchSize: 0 })).rejects.toThrow(
      new RangeError('evaluate: "batchSize" must be an integer of at least 1, got 0'),
    );
    await expect(evaluate(model, tinyExamples(1), { signal: AbortSignal.abort() })).rejects.toThrow("abort");
    model.dispose();
  });
});

describe("lastNumber", () => {
  it("reads the number that an answer ends with", () => {
    expect(lastNumber("Total: 32+8+25=65 books\nThe answer is 65")).toBe("65");
    expect(lastNumber("it costs $1,234.50.")).toBe("1234.5");
    expect(lastNumber("-3")).toBe("-3");
    expect(lastNumber("no idea")).toBeUndefined();
  });
});

const stories = fileURLToPath(new URL("../../../../shared/models/stories260K-hf", import.meta.url));

describe("evaluateAnswers", () => {
  it.skipIf(!existsSync(stories))(
    "agrees with what the model writes greedily (needs ../shared/models)",
    async () => {
      const model = await loadModel(stories);
      const row = {
        prompt: "Once upon a time, there was a little girl named",
        completion: "Lily",
        source: "stories",
      };
      const first = (text: string): string | undefined => text.trim().match(/^[A-Za-z]+/)?.[0];
      const options = { extractAnswer: first, maxNewTokens: 8 };
      const { micro } = await evaluateAnswers(model, [row, { ...row, completion: "Zebra" }], options);
      expect(micro).toBe(0.5);
      model.dispose();
    },
  );

  it("refuses rows of tokens", async () => {
    const model = tinyModel();
    const row = { input_ids: [1], labels: [1], source: "a" };
    await expect(evaluateAnswers(model, [row])).rejects.toThrow(
      'evaluateAnswers: "rows" must hold text, got tokens at 0',
    );
    model.dispose();
  });
});
