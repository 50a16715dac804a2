import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Dropout, dropEntries, dropoutMask, dropoutRows } from "../src/blocks/dropout.ts";
import {
  addLora,
  type CausalLM,
  chooseBackend,
  type DropoutDraw,
  forwardPool,
  type LossOptions,
  lossAndGradients,
} from "../src/index.ts";
import { normDifference } from "./golden-file.ts";
import { tinyArchitectures, tinyOf } from "./tiny-architectures.ts";
import { fillAdapter, tinyBatch, tinyModel } from "./tiny-model.ts";

const batch = tinyBatch();
const draw: DropoutDraw = { seed: 2 ** 40 + 5, step: 3 };
let model: CausalLM;

/** Rows of two examples, three and two positions long. */
const rows: Dropout = {
  probability: 0.25,
  seed: 7,
  step: 2,
  examples: Int32Array.of(4, 4, 4, 9, 9),
  positions: Int32Array.of(0, 1, 2, 0, 1),
};

describe("dropoutMask", () => {
  it("lets a quarter fall out and divides the rest by three quarters", () => {
    const examples = new Int32Array(100).fill(1);
    const positions = Int32Array.from(examples, (_, i) => i);
    const mask = dropoutMask({ ...rows, examples, positions }, 0, 400);
    expect(new Set(mask)).toEqual(new Set([0, Math.fround(4 / 3)]));
    const share = mask.filter((entry) => entry === 0).length / mask.length;
    // 40000 draws: standard deviation 0.0022
    expect(Math.abs(share - 0.25)).toBeLessThan(0.01);
  });

  it("is a function of seed, step, site, example, position and entry", () => {
    const mask = dropoutMask(rows, 3, 40);
    expect(dropoutMask(rows, 3, 40)).toEqual(mask);
    for (const other of [
      { ...rows, seed: 8 },
      { ...rows, seed: 7 + 2 ** 32 },
      { ...rows, step: 3 },
      { ...rows, examples: rows.examples.map((example) => example + 1) },
      { ...rows, positions: rows.positions.map((position) => position + 1) },
    ]) {
      expect(dropoutMask(other, 3, 40)).not.toEqual(mask);
    }
    expect(dropoutMask(rows, 4, 40)).not.toEqual(mask);
    const some = dropoutRows(rows, Int32Array.of(3, 1)) ?? rows;
    expect(dropoutMask(some, 3, 40)).toEqual(Float32Array.of(...mask.slice(120, 160), ...mask.slice(40, 80)));
  });

  it.each([4, 8, 12, 20, 32, 36, 100, 6])(
    "the kernel drops the same bits, %i entries wide",
    async (width) => {
      const run = async (backend: "cpu" | "wasm"): Promise<Float32Array> => {
        await chooseBackend(backend);
        const [x, y] = tf.tidy(() => {
          const values = tf.tensor(Float32Array.from({ length: 5 * width }, (_, i) => Math.sin(i) - 0.1));
          const input = tf.reshape(values, [5, width]);
          return [tf.clone(input), dropEntries(input, { ...rows, seed: 2 ** 50 + 9, step: 2 ** 31 + 1 }, 5)];
        });
        const data = Float32Array.from(await y.data());
        tf.dispose([x, y]);
        return data;
      };
      expect(await run("wasm")).toEqual(await run("cpu"));
    },
  );
});

describe("training with LoRA dropout", () => {
  beforeAll(async () => {
    await chooseBackend("wasm");
  });
  afterEach(() => model.dispose());

  function adapted(fields?: Record<string, unknown>): CausalLM {
    model = fields ? tinyOf(fields) : tinyModel();
    addLora(model, { rank: 3, alpha: 6, targets: ["all-linear"], dropout: 0.5, seed: 2 });
    fillAdapter(model);
    return model;
  }

  async function plain(
    options: LossOptions,
  ): Promise<{ losses: Float32Array; gradients: Map<string, unknown> }> {
    const { losses, gradients } = await lossAndGradients(model, batch, options);
    const entries = [...gradients].map(
      async ([name, g]) => [name, Float32Array.from(await g.data())] as const,
    );
    const values = new Map(await Promise.all(entries));
    tf.dispose([...gradients.values()]);
    return { losses, gradients: values };
  }

  it("changes what is learned, by step and seed, and not what is evaluated", async () => {
    adapted();
    const whole = await plain({ dropout: false });
    const dropped = await plain({ dropout: draw });
    expect(whole.losses).toEqual(await model.losses(batch));
    expect(dropped.losses).not.toEqual(whole.losses);
    expect((await plain({ dropout: draw })).gradients).toEqual(dropped.gradients);
    expect((await plain({ dropout: { ...draw, step: 4 } })).gradients).not.toEqual(dropped.gradients);
    expect((await plain({ dropout: { ...draw, seed: 6 } })).gradients).not.toEqual(dropped.gradients);
  });

  it.each([["llama", undefined] as const, ...tinyArchitectures])(
    "is replayed bit for bit under checkpointing and from a pool pass, %s",
    async (_, fields) => {
      adapted(fields);
      const chosen = Int32Array.of(3, 0, 1);
      const pass = await forwardPool(model, batch, { dropout: draw });
      const first = await plain({ rows: chosen, dropout: draw });
      expect(await plain({ rows: chosen, dropout: draw, checkpoint: true })).toEqual(first);
      expect(await plain({ rows: chosen, pass })).toEqual(first);
      expect(Float32Array.from(chosen, (b) => pass.losses[b])).toEqual(first.losses);
      pass.dispose();
    },
  );

  it("belongs to the example, whatever the batch", async () => {
    adapted();
    const examples = [70, 71, 72, 73, 74];
    const whole = await plain({ dropout: { ...draw, examples } });
    const moved = {
      inputIds: batch.inputIds.slice(9, 18),
      attentionMask: batch.attentionMask.slice(9, 18),
      labels: batch.labels.slice(9, 18),
      shape: [1, 9] as const,
    };
    const { losses, gradients } = await lossAndGradients(
      model,
      { ...moved, shape: [1, 9] },
      { dropout: { ...draw, examples: [71] } },
    );
    tf.dispose([...gradients.values()]);
    expect(losses[0]).toBe(whole.losses[1]);
  });

  it("has the gradient of the loss that it computes", async () => {
    adapted();
    const { gradients } = await plain({ dropout: draw });
    for (const [name, view] of model.parameters()) {
      if (!view.trainable) continue;
      const variable = model.allParameters().find((parameter) => parameter.name === name)?.value;
      if (!variable) throw new Error(name);
      const before = await view.data();
      const z = before.map((_, i) => Math.sin(3 * i + 1) / Math.sqrt(before.length));
      const objective = async (h: number): Promise<number> => {
        tf.tidy(() =>
          variable.assign(
            tf.tensor(
              before.map((v, i) => v + h * z[i]),
              variable.shape,
            ),
          ),
        );
        const { losses } = await plain({ dropout: draw });
        return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
      };
      const difference = async (h: number): Promise<number> =>
        ((await objective(h)) - (await objective(-h))) / (2 * h);
      const slope = (4 * (await difference(1 / 64)) - (await difference(1 / 32))) / 3;
      await objective(0);
      const gradient = gradients.get(name);
      if (!(gradient instanceof Float32Array)) throw new Error(name);
      const predicted = gradient.reduce((sum, g, i) => sum + g * z[i], 0);
      expect(Math.abs(slope - predicted), name).toBeLessThan(1e-3);
    }
  });

  it("has the merged gradient as its mean over many steps", async () => {
    model = tinyModel();
    addLora(model, { rank: 3, alpha: 0.5, targets: ["v_proj"], dropout: 0.2, seed: 2 });
    fillAdapter(model);
    const name = "base_model.model.model.layers.1.self_attn.v_proj.lora_A.weight";
    const whole = (await plain({ dropout: false })).gradients.get(name);
    if (!(whole instanceof Float32Array)) throw new Error(name);
    const mean = new Float64Array(whole.length);
    const steps = 200;
    for (let step = 0; step < steps; step++) {
      const one = (await plain({ dropout: { seed: 1, step } })).gradients.get(name);
      if (!(one instanceof Float32Array)) throw new Error(name);
      one.forEach((value, i) => {
        mean[i] += value / steps;
      });
    }
    // each step is off by about half its norm (p = 0.2), the mean of 200 by a fourteenth of that, and a little by curvature
    expect(normDifference(mean, whole)).toBeLessThan(0.1);
  });

  it("must be decided where the adapter has it, once", async () => {
    adapted();
    await expect(lossAndGradients(model, batch)).rejects.toThrow(
      new RangeError(
        'lossAndGradients: "dropout" must be { seed, step }, or false to leave it out: the adapter has dropout 0.5, got undefined',
      ),
    );
    const pass = await forwardPool(model, batch);
    await expect(lossAndGradients(model, batch, { pass })).rejects.toThrow(
      '"dropout" must be { seed, step }',
    );
    await expect(lossAndGradients(model, batch, { pass, dropout: draw })).rejects.toThrow(
      new RangeError(
        'lossAndGradients: "dropout" must be absent beside "pass", which has the masks of its own',
      ),
    );
    expect(await plain({ pass, dropout: false })).toEqual(await plain({ dropout: false }));
    pass.dispose();
    await expect(lossAndGradients(model, batch, { dropout: { seed: -1, step: 0 } })).rejects.toThrow(
      'lossAndGradients: "dropout.seed" must be',
    );
    await expect(lossAndGradients(model, batch, { dropout: { ...draw, examples: [1] } })).rejects.toThrow(
      'lossAndGradients: "dropout.examples" must have 5 entries, got an array of 1',
    );
  });

  it("leaks no tensor", async () => {
    adapted();
    const before = tf.memory().numTensors;
    const pass = await forwardPool(model, batch, { dropout: draw });
    await plain({ pass });
    await plain({ dropout: draw });
    pass.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
