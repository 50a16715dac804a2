import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { collate, type Example } from "@colm/data";
import { chooseBackend, folder, loadModel, readSafetensors, trainableVariables } from "@colm/lm-tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { assignAll, floatData } from "../src/float-data.ts";
import { adamw, clipByGlobalNorm, linearSchedule, trainingPass } from "../src/index.ts";

const golden = fileURLToPath(new URL("../../../../shared/golden/hf/", import.meta.url));

if (!existsSync(golden)) {
  it("golden files are missing (../shared/golden/hf): skipped", () => {
    expect(existsSync(golden)).toBe(false);
  });
}

describe.skipIf(!existsSync(golden)).each(["llama", "llama3-tied"])(
  "six AdamW steps of %s in PyTorch",
  (name) => {
    beforeAll(async () => {
      await chooseBackend("wasm");
    });

    for (const microBatchSize of [4, 1]) {
      it(`are followed to 1e-3, in micro-batches of ${microBatchSize}`, async () => {
        const path = `${golden}${name}`;
        const expected = await readSafetensors(folder(path), "golden.safetensors");
        const array = (key: string): Float32Array => expected.get(key)?.data ?? new Float32Array(0);
        const examples = examplesOf(
          array("input_ids"),
          array("attention_mask"),
          array("labels"),
          expected.get("labels")?.shape ?? [],
        );
        const model = await loadModel(path, { adapter: `${path}/adapter` });
        const variables = trainableVariables(model);
        const optimizer = adamw({ weightDecay: 0.01 });
        const schedule = linearSchedule({ learningRate: 0.02, warmupSteps: 2, steps: 6 });
        let parameters = await floatData(variables);
        let state = optimizer.init(parameters);
        for (let step = 0; step < 6; step++) {
          const weights = new Float64Array(examples.length).fill(1);
          const { loss, gradients } = await trainingPass(model, examples, { weights, microBatchSize });
          const clipped = clipByGlobalNorm(gradients, { maxNorm: 1 });
          close(loss, array("adamw.losses")[step]);
          close(clipped.norm, array("adamw.grad_norms")[step]);
          close(schedule(step), array("adamw.lrs")[step]);
          ({ state, parameters } = optimizer.update(state, clipped.gradients, parameters, schedule(step)));
          assignAll(variables, parameters);
        }
        const losses = await model.losses(collate(examples));
        for (const [i, loss] of losses.entries()) close(loss, array("adamw.final_per_example_loss")[i]);
        model.dispose();
      });
    }
  },
);

function close(actual: number, expected: number): void {
  // tolerance of the golden data's README
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-3 * Math.max(Math.abs(expected), 1e-6));
}

function examplesOf(
  ids: Float32Array,
  mask: Float32Array,
  labels: Float32Array,
  [rows, tokens]: readonly number[],
): Example[] {
  return Array.from({ length: rows }, (_, row): Example => {
    const start = row * tokens;
    const length = mask.slice(start, start + tokens).reduce((sum, bit) => sum + bit, 0);
    const cut = (values: Float32Array): Int32Array => Int32Array.from(values.slice(start, start + length));
    return { inputIds: cut(ids), labels: cut(labels), source: "golden", truncated: 0 };
  });
}
