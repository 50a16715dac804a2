import * as tf from "@tensorflow/tfjs-core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import {
  addLora,
  type CausalLM,
  chooseBackend,
  exactMatches,
  lastValueSpsa,
  lossAndGradients,
  poolInputs,
} from "../src/index.ts";
import { tinyBatch, tinyModel } from "./tiny-model.ts";

const batch = tinyBatch();
const [rows, tokens] = batch.shape;

describe("logits, losses, hidden states, exact matches", () => {
  let model: CausalLM;
  beforeAll(async () => {
    await chooseBackend("wasm");
    model = tinyModel();
  });
  afterAll(() => model.dispose());

  it("losses are what the logits say, and 0 where nothing is labelled", async () => {
    const { data } = await model.logits(batch);
    const losses = await model.losses(batch);
    for (let b = 0; b < rows; b++) {
      const own: number[] = [];
      for (let t = 0; t + 1 < tokens; t++) {
        const label = batch.labels[b * tokens + t + 1];
        if (label === -100) continue;
        const first = (b * tokens + t) * 24;
        let total = 0;
        for (let z = 0; z < 24; z++) total += Math.exp(data[first + z]);
        own.push(Math.log(total) - data[first + label]);
      }
      const mean = own.length ? own.reduce((sum, loss) => sum + loss, 0) / own.length : 0;
      expect(losses[b]).toBeCloseTo(mean, 5);
    }
    expect(losses[4]).toBe(0);
  });

  it("padding is 0 and its token does not matter", async () => {
    const padded = Int32Array.from(batch.inputIds, (id, i) => (batch.attentionMask[i] ? id : 17));
    const other = { ...batch, inputIds: padded };
    expect(await model.losses(other)).toEqual(await model.losses(batch));
    const logits = await model.logits(batch);
    expect((await model.logits(other)).data).toEqual(logits.data);
    expect(logits.shape).toEqual([rows * tokens, 24]);
    expect([...logits.data.subarray(8 * 9 * 0 + 15 * 24, 16 * 24)]).toEqual(new Array(24).fill(0));
    expect((await model.hiddenStates(batch, 2)).shape).toEqual([rows * tokens, 16]);
  });

  it("an example does not depend on its neighbours", async () => {
    const one = {
      inputIds: batch.inputIds.slice(tokens, 2 * tokens),
      attentionMask: batch.attentionMask.slice(tokens, 2 * tokens),
      labels: batch.labels.slice(tokens, 2 * tokens),
      shape: [1, tokens] as const,
    };
    expect((await model.losses(one))[0]).toBe((await model.losses(batch))[1]);
  });

  it("an exact match is an example whose every label is the largest logit", async () => {
    const { data } = await model.logits(batch);
    const labels = new Int32Array(rows * tokens).fill(-100);
    const best = (row: number): number => {
      const z = data.subarray(row * 24, (row + 1) * 24);
      return z.indexOf(Math.max(...z));
    };
    for (const [b, t] of [
      [0, 2],
      [0, 3],
      [1, 1],
      [2, 4],
      [2, 5],
    ])
      labels[b * tokens + t + 1] = best(b * tokens + t);
    labels[2 * tokens + 6] = (labels[2 * tokens + 6] + 1) % 24;
    expect([...(await exactMatches(model, { ...batch, labels }))]).toEqual([1, 1, 0, 0, 0]);
  });

  it("weights are relative, and a batch without any label has zero gradients", async () => {
    const first = await lossAndGradients(model, batch, { weights: [1, 2, 0, 0, 1] });
    const twice = await lossAndGradients(model, batch, { weights: [2, 4, 0, 0, 2] });
    const labels = new Int32Array(rows * tokens).fill(-100);
    const none = await lossAndGradients(model, { ...batch, labels });
    expect([...none.losses]).toEqual([0, 0, 0, 0, 0]);
    for (const [name, gradient] of first.gradients) {
      expect(await twice.gradients.get(name)?.data()).toEqual(await gradient.data());
      const zero = none.gradients.get(name);
      expect(zero?.shape).toEqual(gradient.shape);
      expect((await zero?.data())?.every((value) => value === 0)).toBe(true);
      gradient.dispose();
      zero?.dispose();
      twice.gradients.get(name)?.dispose();
    }
  });

  it("refuses batches, weights and rows that do not fit, by name", async () => {
    const refused = async (run: Promise<unknown>, message: string): Promise<void> =>
      expect(run).rejects.toThrow(new RangeError(message));
    const change = (name: "inputIds" | "labels" | "attentionMask", at: number, value: number) => ({
      ...batch,
      [name]: batch[name].with(at, value),
    });
    await refused(
      model.losses({ ...batch, shape: [5, 8] }),
      'losses: "batch.inputIds" must have 40 entries (batch.shape), got 45',
    );
    await refused(
      model.losses({ ...batch, shape: [1, 33] }),
      'losses: "batch.shape" must have at most 32 tokens (the model\'s positions), got 33',
    );
    await refused(
      model.logits(change("inputIds", 4, 24)),
      'logits: "batch.inputIds" must be in [0, 24), got 24 at 4',
    );
    await refused(
      model.losses(change("labels", 3, -1)),
      'losses: "batch.labels" must be -100 or in [0, 24), got -1 at 3',
    );
    await refused(
      model.losses(change("attentionMask", 1, 0)),
      'losses: "batch.attentionMask" must be ones, then zeros, in each row (right padding), got 1 at 2',
    );
    await refused(model.hiddenStates(batch, 3), 'hiddenStates: "layer" must be an integer in [0, 2], got 3');
    await refused(
      lossAndGradients(model, batch, { weights: [1, 1, 1, 1, -1] }),
      'lossAndGradients: "weights" must be at least 0, got -1 at 4',
    );
    await refused(
      lossAndGradients(model, batch, { weights: [0, 0, 0, 0, 0] }),
      'lossAndGradients: "weights" must not be all 0',
    );
    await refused(
      lossAndGradients(model, batch, { rows: Int32Array.of(5) }),
      'lossAndGradients: "rows" must be integers in [0, 5), got 5 at 0',
    );
  });
});

describe("a large vocabulary", () => {
  afterEach(() => vi.restoreAllMocks());

  /** The most bytes of tensors beyond those held before, while `work` runs. */
  async function peakBytes(work: () => Promise<unknown>): Promise<number> {
    const engine = tf.engine();
    const before = tf.memory().numBytes;
    let peak = 0;
    const track = engine.trackTensor.bind(engine);
    vi.spyOn(engine, "trackTensor").mockImplementation((tensor, backend) => {
      track(tensor, backend);
      peak = Math.max(peak, tf.memory().numBytes - before);
    });
    await work();
    vi.restoreAllMocks();
    return peak;
  }

  it("never stands in memory as logits of all tokens, and does not change what features are", async () => {
    await chooseBackend("wasm");
    const ids = Int32Array.from({ length: 64 * 16 }, (_, i) => (i * 37) % 1000);
    const pool = {
      inputIds: ids,
      attentionMask: ids.map(() => 1),
      labels: ids,
      shape: [64, 16] as [number, number],
    };
    const widths: number[] = [];
    for (const vocabulary of [1000, 128_000]) {
      const large = tinyModel({ vocab_size: vocabulary });
      addLora(large, { rank: 2, alpha: 4, targets: ["v_proj"], seed: 1 });
      const peak = await peakBytes(async () => {
        const pass = poolInputs(large, pool, { keep: "last" });
        widths.push((await lastValueSpsa(large, pass, { seed: 1 })).dimension);
        pass.dispose();
        const { gradients } = await lossAndGradients(large, pool);
        tf.dispose([...gradients.values()]);
      });
      large.dispose();
      // 960 targets times 128000 logits would be 490 MB; the transposed embedding is 8 MB, a chunk of logits 8 MB, a few at a time
      expect(peak).toBeLessThan(50e6);
      expect(peak).toBeGreaterThan(vocabulary * 16 * 4);
    }
    expect(widths[1]).toBe(widths[0]);
  });
});
