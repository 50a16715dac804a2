import { createSelector } from "@colm/coreset";
import { chooseBackend } from "@colm/lm-tfjs";
import { direction } from "@colm/spsa";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { poolGradients, selectionStep } from "../src/index.ts";
import { allValues, tinyExamples, tinyLora } from "./tiny.ts";

beforeAll(async () => {
  await chooseBackend("wasm");
});

const pool = tinyExamples(16);
const sources = pool.map(({ source }) => ["a", "b", "rare"].indexOf(source));
const official = createSelector({ mode: "official", budget: 8, sources: { small: [false, false, true] } });

describe("selectionStep", () => {
  it("leaves every parameter as it was, bit for bit, and no tensor behind", async () => {
    const model = tinyLora();
    const before = await allValues(model);
    const tensors = tf.memory().numTensors;
    const state = official.init();
    const chosen = await selectionStep({ model, pool, sources, selector: official, state, seed: 1 });
    expect(await allValues(model)).toEqual(before);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(chosen.indices).toHaveLength(8);
    expect(chosen.state.step).toBe(1);
    expect(state).toEqual(official.init());
    model.dispose();
  });

  it("keeps the small source", async () => {
    const model = tinyLora();
    const chosen = await selectionStep({
      model,
      pool,
      sources,
      selector: official,
      state: official.init(),
      seed: 1,
    });
    expect([...chosen.indices.slice(0, 2)]).toEqual([7, 15]);
    expect(new Set(chosen.indices).size).toBe(8);
    model.dispose();
  });

  it("is the same from a cloned state, and moves on with the state", async () => {
    const model = tinyLora();
    const options = { model, pool, sources, selector: official, seed: 1 };
    const first = await selectionStep({ ...options, state: official.init() });
    const second = await selectionStep({ ...options, state: first.state });
    expect(await selectionStep({ ...options, state: structuredClone(first.state) })).toEqual(second);
    expect(second.state).not.toEqual(first.state);
    model.dispose();
  });

  it("never runs the model when the method needs no features", async () => {
    const model = tinyLora();
    model.dispose();
    const random = createSelector({ method: "random", budget: 4, seed: 2 });
    const chosen = await selectionStep({
      model,
      pool,
      sources,
      selector: random,
      state: random.init(),
      seed: 1,
    });
    expect(chosen.indices).toHaveLength(4);
  });

  it("refuses a pool and sources of different lengths, and stops at a signal", async () => {
    const model = tinyLora();
    const options = { model, pool, sources, selector: official, state: official.init(), seed: 1 };
    await expect(selectionStep({ ...options, sources: [0] })).rejects.toThrow(
      new RangeError('selectionStep: "sources" must have 16 entries as "pool" has, got 1'),
    );
    await expect(selectionStep({ ...options, microBatchSize: 0 })).rejects.toThrow(
      new RangeError('selectionStep: "microBatchSize" must be an integer of at least 1, got 0'),
    );
    await expect(selectionStep({ ...options, signal: AbortSignal.abort() })).rejects.toThrow("abort");
    model.dispose();
  });
});

describe("poolGradients", () => {
  it("are the same in any micro-batches, in the pool's order", async () => {
    const model = tinyLora();
    const whole = await poolGradients(model, pool, { seed: 1, step: 0, directions: 2, microBatchSize: 16 });
    const parts = await poolGradients(model, pool, { seed: 1, step: 0, directions: 2, microBatchSize: 3 });
    expect(parts.coefficients.shape).toEqual([16, 2]);
    for (let i = 0; i < 16; i++) {
      for (let k = 0; k < 2; k++) {
        // differences of float32 losses over 2e-3: their rounding of about 2e-7 comes back as 1e-4, a few times over
        const difference = parts.coefficients.get(i, k) - whole.coefficients.get(i, k);
        expect(Math.abs(difference)).toBeLessThan(2e-3);
      }
    }
    model.dispose();
  });

  it("of one direction use one z for the whole run, fresh ones a z of each step", async () => {
    const model = tinyLora();
    const z = async (step: number, fresh: boolean): Promise<Float32Array> => {
      const gradients = await poolGradients(model, pool.slice(0, 2), {
        seed: 1,
        step,
        fresh,
        microBatchSize: 2,
      });
      return direction(gradients, 0, 0, new Float32Array(4));
    };
    expect(await z(5, false)).toEqual(await z(0, false));
    expect(await z(5, true)).not.toEqual(await z(4, true));
    model.dispose();
  });
});
