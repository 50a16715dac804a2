import { matrix } from "@colm/array";
import { dense } from "@colm/spsa";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  addLora,
  type CausalLM,
  chooseBackend,
  forwardPool,
  lastValueGradients,
  lastValueSpsa,
  lossAndGradients,
} from "../src/index.ts";
import { normDifference } from "./golden-file.ts";
import { tinyArchitectures, tinyOf } from "./tiny-architectures.ts";
import { fillAdapter, tinyBatch, tinyModel } from "./tiny-model.ts";

const batch = tinyBatch();

describe("forwardPool and what starts from it", () => {
  let model: CausalLM;
  beforeAll(async () => {
    await chooseBackend("wasm");
  });
  afterEach(() => model.dispose());

  function adapted(fields?: Record<string, unknown>): CausalLM {
    model = fields ? tinyOf(fields) : tinyModel();
    addLora(model, { rank: 3, alpha: 6, targets: ["all-linear"], seed: 2 });
    fillAdapter(model);
    return model;
  }

  it("has the losses of the model, and block inputs that are its hidden states", async () => {
    const pass = await forwardPool(adapted(), batch);
    expect(pass.losses).toEqual(await model.losses(batch));
    expect(pass.losses[4]).toBe(0);
    for (let layer = 0; layer < 2; layer++) {
      const { data } = await model.hiddenStates(batch, layer);
      const input = await pass.hidden[layer].data();
      const hidden = input.map((value, i) => (batch.attentionMask[Math.floor(i / 16)] ? value : 0));
      expect(hidden).toEqual(data);
    }
    pass.dispose();
  });

  it("gives exact per-example gradients: each is the training gradient of its example alone", async () => {
    const pass = await forwardPool(adapted(), batch);
    const rows = await lastValueGradients(model, pass);
    pass.dispose();
    expect(rows.shape).toEqual([5, 24]);
    for (let b = 0; b < 5; b++) {
      const { gradients } = await lossAndGradients(model, batch, { rows: Int32Array.of(b) });
      const alone = gradients.get("base_model.model.model.layers.1.self_attn.v_proj.lora_B.weight");
      const row = rows.data.slice(b * 24, (b + 1) * 24);
      if (b === 4) expect([...row]).toEqual(new Array(24).fill(0));
      else expect(normDifference(row, (await alone?.data()) ?? [])).toBeLessThan(1e-5);
      tf.dispose([...gradients.values()]);
    }
  });

  it("gives gradients by the V weight itself where there is no adapter", async () => {
    model = tinyModel();
    const pass = await forwardPool(model, batch, { keep: "last" });
    const rows = await lastValueGradients(model, pass);
    const { coefficients, dimension } = await lastValueSpsa(model, pass, { seed: 1 });
    pass.dispose();
    expect(rows.shape).toEqual([5, 8 * 16]);
    expect([dimension, coefficients.shape]).toEqual([8 * 16, [5, 1]]);
    const { gradients } = await lossAndGradients(model, batch);
    const whole = await gradients.get("model.layers.1.self_attn.v_proj.weight")?.data();
    const mean = Float32Array.from({ length: 128 }, (_, j) =>
      [0, 1, 2, 3, 4].reduce((sum, b) => sum + rows.get(b, j) / 5, 0),
    );
    expect(normDifference(mean, whole ?? [])).toBeLessThan(1e-5);
    tf.dispose([...gradients.values()]);
  });

  it.each(tinyArchitectures)(
    "gives both without an adapter, of the weight as it lies: %s",
    async (_, fields) => {
      model = tinyOf(fields);
      const pass = await forwardPool(model, batch, { keep: "last" });
      for (const rows of ["all", "values"] as const) {
        const exact = await lastValueGradients(model, pass, { rows });
        const options = { seed: 7, epsilon: 1 / 256, rows };
        const estimate = await lastValueSpsa(model, pass, options);
        expect(estimate.dimension).toBe(exact.shape[1]);
        const z = dense({ ...estimate, coefficients: matrix(Float32Array.of(1), 1, 1) });
        for (let b = 0; b < 5; b++) {
          let slope = 0;
          for (let j = 0; j < estimate.dimension; j++) slope += exact.get(b, j) * z.get(0, j);
          // as below, with directions of some hundred entries and weights of 0.3
          expect(Math.abs(estimate.coefficients.get(b, 0) - slope)).toBeLessThan(
            2e-2 * Math.max(1, Math.abs(slope)),
          );
        }
      }
      pass.dispose();
    },
  );

  it("estimates those gradients by differences: each coefficient is a slope along its direction", async () => {
    const pass = await forwardPool(adapted(), batch, { keep: "last" });
    const exact = await lastValueGradients(model, pass);
    const options = { seed: 7, directions: 4, epsilon: 1 / 256 };
    const estimate = await lastValueSpsa(model, pass, options);
    expect(await lastValueSpsa(model, pass, options)).toEqual(estimate);
    pass.dispose();
    // g_i = (1/4) sum_k c_ik z_k, so that four times the unit coefficients give the directions themselves
    const unit = Float32Array.from({ length: 16 }, (_, at) => (at % 5 === 0 ? 4 : 0));
    const directions = dense({ ...estimate, coefficients: matrix(unit, 4, 4) });
    for (let b = 0; b < 5; b++) {
      for (let k = 0; k < 4; k++) {
        let slope = 0;
        for (let j = 0; j < 24; j++) slope += exact.get(b, j) * directions.get(k, j);
        // losses of about 3 in float32 over 2 epsilon, and epsilon^2 times a third derivative
        expect(Math.abs(estimate.coefficients.get(b, k) - slope)).toBeLessThan(1e-3);
      }
    }
  });

  it.each([["llama", undefined] as const, ...tinyArchitectures])(
    "starts the training step: bit for bit the gradients of running the rows alone: %s",
    async (_, fields) => {
      const pass = await forwardPool(adapted(fields), batch);
      const rows = Int32Array.of(3, 0, 1);
      const weights = [1, 2, 0.5];
      const results = [
        await lossAndGradients(model, batch, { rows, weights }),
        await lossAndGradients(model, batch, { rows, weights, checkpoint: true }),
        await lossAndGradients(model, batch, { rows, weights, pass }),
      ];
      pass.dispose();
      const plain = await Promise.all(
        results.map(async ({ losses, gradients }) => ({
          losses,
          gradients: new Map(
            await Promise.all([...gradients].map(async ([name, g]) => [name, await g.data()] as const)),
          ),
        })),
      );
      expect(plain[1]).toEqual(plain[0]);
      expect(plain[2]).toEqual(plain[0]);
      for (const { gradients } of results) tf.dispose([...gradients.values()]);
    },
  );

  it("leaks no tensor, step after step", async () => {
    adapted();
    const counts: number[] = [];
    for (let step = 0; step < 4; step++) {
      const pass = await forwardPool(model, batch);
      await lastValueSpsa(model, pass, { seed: 1, directions: 2, step, fresh: true });
      await lastValueGradients(model, pass);
      const { gradients } = await lossAndGradients(model, batch, { pass, rows: Int32Array.of(0, 2) });
      tf.dispose([...gradients.values()]);
      pass.dispose();
      await model.losses(batch);
      await model.logits(batch);
      counts.push(tf.memory().numTensors, tf.memory().numBytes);
    }
    expect(counts.slice(2)).toEqual([...counts.slice(0, 2), ...counts.slice(0, 2), ...counts.slice(0, 2)]);
  });

  it("refuses a pass that is over, over another batch, or without all block inputs", async () => {
    const last = await forwardPool(adapted(), batch, { keep: "last" });
    await expect(lossAndGradients(model, batch, { pass: last })).rejects.toThrow(
      new RangeError(
        'lossAndGradients: "pass" must hold the inputs of all blocks, call forwardPool with keep: "all"',
      ),
    );
    const other = { ...batch, inputIds: batch.inputIds.map((id) => (id + 1) % 24) };
    await expect(lossAndGradients(model, other, { pass: last })).rejects.toThrow(
      new RangeError(
        'lossAndGradients: "pass" must be the pool pass over "batch", got one over another batch',
      ),
    );
    last.dispose();
    await expect(lastValueGradients(model, last)).rejects.toThrow(
      new Error('lastValueGradients: "pass" must not have been disposed of'),
    );
  });

  it("leaves batch and parameters alone", async () => {
    const before = structuredClone(batch);
    const pass = await forwardPool(adapted(), batch);
    const values = async (): Promise<Float32Array[]> =>
      Promise.all([...model.parameters().values()].map((parameter) => parameter.data()));
    const parameters = await values();
    await lastValueSpsa(model, pass, { seed: 3 });
    pass.dispose();
    expect(await values()).toEqual(parameters);
    expect(batch).toEqual(before);
  });
});
