import { normal } from "@colm/array";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  addLora,
  type CausalLM,
  chooseBackend,
  type LossOptions,
  lossAndGradients,
  trainableVariables,
} from "../src/index.ts";
import { tinyArchitectures, tinyOf } from "./tiny-architectures.ts";
import { fillAdapter, tinyBatch, tinyModel } from "./tiny-model.ts";

const batch = tinyBatch();

describe.each(["wasm", "cpu"] as const)("lossAndGradients on %s", (backend) => {
  let model: CausalLM;
  beforeAll(async () => {
    await chooseBackend(backend);
  });
  afterAll(() => model.dispose());

  /** Slope of the weighted mean loss along a unit vector: central differences, extrapolated to step 0 (error h^6). */
  async function slope(variable: tf.Variable, z: Float32Array, weights: number[]): Promise<number> {
    const kept = Float32Array.from(await variable.data());
    const place = (values: Float32Array): void =>
      tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
    const objective = async (scale: number): Promise<number> => {
      place(kept.map((v, i) => v + scale * z[i]));
      const losses = await model.losses(batch);
      return losses.reduce((sum, loss, i) => sum + weights[i] * loss, 0) / weights.reduce((a, b) => a + b, 0);
    };
    const difference = async (h: number): Promise<number> =>
      ((await objective(h)) - (await objective(-h))) / (2 * h);
    const [near, middle, far] = [
      await difference(1 / 64),
      await difference(1 / 32),
      await difference(1 / 16),
    ];
    const result = (64 * near - 20 * middle + far) / 45;
    place(kept);
    return result;
  }

  it.each([
    ["every base weight, tied", { tie_word_embeddings: true }, false],
    ["every base weight, head of its own", { tie_word_embeddings: false }, false],
    ["LoRA factors", { tie_word_embeddings: true }, true],
  ])("agrees with finite differences: %s", async (_, changes, lora) => {
    model?.dispose();
    model = tinyModel(changes);
    if (lora) {
      addLora(model, { rank: 3, alpha: 6, targets: ["all-linear"], seed: 2 });
      fillAdapter(model);
    }
    await expectSlopes();
  });

  it("says where it turns, the same bits as without", async () => {
    model?.dispose();
    model = tinyModel({});
    const turns: string[] = [];
    const bits = async (options: LossOptions): Promise<Float32Array[]> => {
      const { losses, gradients } = await lossAndGradients(model, batch, options);
      const values = [...gradients.values()].map((tensor) => tensor.dataSync<"float32">());
      tf.dispose([...gradients.values()]);
      return [losses, ...values];
    };
    const told = await bits({ checkpoint: true, onTurn: (direction) => turns.push(direction) });
    // before the blocks, before the logits, and once for all that follows: blocks are run again on the way back
    expect(turns).toEqual(["forward", "forward", "backward"]);
    expect(told).toEqual(await bits({ checkpoint: true }));
  });

  // the plain operations are slow, and compared with the kernels elsewhere
  const others = backend === "wasm" ? tinyArchitectures : [];
  it.each(others)("agrees with finite differences: every weight of %s", async (_, fields) => {
    model?.dispose();
    model = tinyOf(fields);
    await expectSlopes();
  });

  it.each(others)("agrees with finite differences: every LoRA factor of %s", async (_, fields) => {
    model?.dispose();
    model = tinyOf(fields);
    addLora(model, { rank: 3, alpha: 2, targets: ["all-linear"], useRslora: true, seed: 2 });
    fillAdapter(model);
    await expectSlopes();
  });

  /** Compares the gradient by each trainable parameter with the slope along a random direction. */
  async function expectSlopes(): Promise<void> {
    const weights = [1, 0.5, 2, 1, 3];
    const { gradients } = await lossAndGradients(model, batch, { weights });
    const variables = trainableVariables(model);
    expect([...gradients.keys()].sort()).toEqual([...variables.keys()].sort());
    let stream = 0;
    for (const [name, variable] of variables) {
      const draws = normal(new Float32Array(variable.size), { seed: 4, stream: stream++ });
      const norm = Math.hypot(...draws);
      const z = draws.map((value) => value / norm);
      const gradient = await gradients.get(name)?.data();
      const predicted = z.reduce((sum, zi, i) => sum + zi * (gradient?.[i] ?? Number.NaN), 0);
      // float32 losses of about 3 over a step of 1/32: noise of about 3e-7 * 32 * 4
      expect(Math.abs((await slope(variable, z, weights)) - predicted), name).toBeLessThan(1e-4);
    }
    tf.dispose([...gradients.values()]);
  }
});
