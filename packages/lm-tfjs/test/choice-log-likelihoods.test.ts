import { collate } from "@colm/data";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { addLora, type CausalLM, type Choices, choiceLogLikelihoods, chooseBackend } from "../src/index.ts";
import { tinyArchitectures, tinyOf } from "./tiny-architectures.ts";
import { fillAdapter, tinyModel } from "./tiny-model.ts";

let model: CausalLM;
beforeAll(async () => {
  await chooseBackend("wasm");
});
afterEach(() => model?.dispose());

/** Prompts of several lengths, choices of one to five tokens, the same token twice among them. */
const questions: Choices[] = [
  { prompt: [3, 1, 4, 1, 5], choices: [[7], [7, 8], [2, 2, 2, 2, 2], [9]] },
  { prompt: [2], choices: [[11, 12, 13], [14]] },
  { prompt: [6, 6, 6, 6, 6, 6, 6, 6, 6], choices: [[1], [2], [3]] },
  { prompt: [20, 21], choices: [] },
];

/** The definition: each prompt and choice as a sequence of its own, the loss of the choice's tokens. */
async function slowly({ prompt, choices }: Choices): Promise<number[]> {
  const sums: number[] = [];
  for (const choice of choices) {
    const inputIds = Int32Array.from([...Array.from(prompt), ...Array.from(choice)]);
    const labels = inputIds.map((id, t) => (t < prompt.length ? -100 : id));
    const [loss] = await model.losses(collate([{ inputIds, labels }]));
    sums.push(-loss * choice.length);
  }
  return sums;
}

describe("choiceLogLikelihoods", () => {
  it.each([["llama", undefined] as const, ...tinyArchitectures])(
    "is the sum of the losses of each choice behind its prompt: %s",
    async (_, fields) => {
      model = fields ? tinyOf(fields) : tinyModel();
      addLora(model, { rank: 3, alpha: 6, targets: ["all-linear"], seed: 2 });
      fillAdapter(model);
      const before = tf.memory().numTensors;
      for (const batchSize of [1, 3, 8]) {
        const sums = await choiceLogLikelihoods(model, questions, { batchSize });
        for (const [i, question] of questions.entries()) {
          const slow = await slowly(question);
          expect(sums[i].length).toBe(slow.length);
          // float32 sums in another order
          slow.forEach((sum, c) => {
            expect(sums[i][c]).toBeCloseTo(sum, 4);
          });
        }
      }
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it("refuses what cannot be, and stops at a signal", async () => {
    model = tinyModel();
    const refused = (question: Choices, message: string): Promise<void> =>
      expect(choiceLogLikelihoods(model, [questions[0], question])).rejects.toThrow(
        new RangeError(`choiceLogLikelihoods: ${message}`),
      );
    await refused({ prompt: [], choices: [] }, '"prompt" must have 1 to 32 tokens, got 0 in question 1');
    await refused(
      { prompt: [1, 2], choices: [[1], []] },
      '"choices" must have 1 to 30 tokens behind their prompt, got 0 in choice 1 of question 1',
    );
    await refused(
      { prompt: [1], choices: [[24]] },
      '"choices" must hold token ids in [0, 24), got 24 in choice 0 of question 1',
    );
    const before = tf.memory().numTensors;
    await expect(choiceLogLikelihoods(model, questions, { batchSize: 0 })).rejects.toThrow(
      new RangeError('choiceLogLikelihoods: "batchSize" must be at least 1, got 0'),
    );
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(choiceLogLikelihoods(model, questions, { signal })).rejects.toThrow("enough");
    expect(tf.memory().numTensors).toBe(before);
  });
});
