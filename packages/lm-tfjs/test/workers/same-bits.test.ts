import type { Batch } from "@colm/data";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  addLora,
  type CausalLM,
  chooseBackend,
  exactMatches,
  type GradientPiece,
  lastBlockGradients,
  lastValueGradients,
  lastValueSpsa,
  lossAndGradients,
  type ModelWorkers,
  type PoolInputs,
  poolInputs,
  setTrainable,
  startWorkers,
  trainableVariables,
} from "../../src/index.ts";
import { selectExamples } from "../../src/passes/require-batch.ts";
import { tinyArchitectures, tinyOf } from "../tiny-architectures.ts";
import { fillAdapter, tinyBatch, tinyModel } from "../tiny-model.ts";

const whole = tinyBatch();
const pieces: readonly Batch[] = [[0], [3, 1], [2], [4, 0, 2], [1]].map((rows) =>
  selectExamples(whole, Int32Array.from(rows)),
);
const dropout = { seed: 8, step: 3 };
const training: readonly GradientPiece[] = [
  { batch: pieces[0], dropout },
  {
    batch: whole,
    rows: Int32Array.of(3, 1),
    weights: [0.3, 1.7],
    dropout: { ...dropout, examples: [9, 8, 7, 6, 5] },
  },
  { batch: pieces[3], weights: [1, 0, 2], dropout },
  { batch: pieces[4], dropout: false },
  { batch: pieces[2], dropout, share: 0.1 },
];

/** Micro-batches one after the other in this thread: what workers must repeat to the bit. */
async function oneByOne(model: CausalLM, checkpoint: boolean) {
  const totals = [1, 2, 3, 1, 1];
  const losses: Float32Array[] = [];
  const sums = new Map<string, Float64Array>();
  for (const [k, { batch, share = totals[k] / 8, ...options }] of training.entries()) {
    const part = await lossAndGradients(model, batch, { ...options, checkpoint });
    losses.push(part.losses);
    for (const [name, tensor] of part.gradients) {
      const values = await tensor.data();
      const sum = sums.get(name) ?? new Float64Array(values.length);
      sums.set(
        name,
        sum.map((before, i) => before + share * values[i]),
      );
      tensor.dispose();
    }
  }
  return { losses, gradients: new Map([...sums].map(([name, sum]) => [name, Float32Array.from(sum)])) };
}

async function onPasses<Result>(
  model: CausalLM,
  use: (pass: PoolInputs) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const batch of pieces) {
    const pass = poolInputs(model, batch, { keep: "last" });
    results.push(await use(pass));
    pass.dispose();
  }
  return results;
}

function loraModel(): CausalLM {
  const model = tinyModel();
  addLora(model, { rank: 3, alpha: 6, targets: ["all-linear"], dropout: 0.25, seed: 2 });
  fillAdapter(model);
  return model;
}

/** Moves every trainable parameter, as an optimizer does. */
function step(model: CausalLM): void {
  for (const variable of trainableVariables(model).values()) {
    tf.tidy(() => variable.assign(tf.add(tf.mul(variable, 0.75), 1 / 64)));
  }
}

describe.each([
  ["wasm", 1],
  ["wasm", 2],
  ["wasm", 3],
  ["cpu", 2],
] as const)("startWorkers on %s with %i threads gives the bits of one thread", (backend, count) => {
  let model: CausalLM;
  let workers: ModelWorkers;
  beforeAll(async () => {
    await chooseBackend(backend);
    model = loraModel();
    workers = await startWorkers(model, { count });
  });
  afterAll(async () => {
    await workers.dispose();
    model.dispose();
  });

  it.each([false, true])(
    "lossAndGradients, checkpoint %s, weights, rows, dropout and shares",
    async (checkpoint) => {
      const expected = await oneByOne(model, checkpoint);
      expect(await workers.lossAndGradients(training, { checkpoint })).toEqual(expected);
      expect(expected.gradients.size).toBe(28);
    },
  );

  it("the same while several calls are under way", async () => {
    const expected = await oneByOne(model, false);
    const [first, losses, second] = await Promise.all([
      workers.lossAndGradients(training),
      workers.losses(pieces),
      workers.lossAndGradients(training),
    ]);
    expect(first).toEqual(expected);
    expect(second).toEqual(expected);
    expect(losses.length).toBe(pieces.length);
  });

  it("losses and exactMatches, telling how far they are", async () => {
    const expected = [];
    const matches = [];
    for (const batch of pieces) {
      expected.push(await model.losses(batch));
      matches.push(await exactMatches(model, batch));
    }
    const told: [number, number][] = [];
    const onProgress = (done: number, of: number): void => void told.push([done, of]);
    expect(await workers.losses(pieces, { onProgress })).toEqual(expected);
    expect(told).toEqual([1, 2, 3, 4, 5].map((done) => [done, 5]));
    expect(await workers.exactMatches(pieces)).toEqual(matches);
  });

  it("lastValueSpsa", async () => {
    const options = { seed: 3, directions: 3, epsilon: 0.01, step: 2, fresh: true } as const;
    const expected = await onPasses(model, (pass) => lastValueSpsa(model, pass, options));
    const found = await workers.lastValueSpsa(pieces, options);
    expect(found.map(({ coefficients, ...rest }) => ({ ...rest, ...plain(coefficients) }))).toEqual(
      expected.map(({ coefficients, ...rest }) => ({ ...rest, ...plain(coefficients) })),
    );
  });

  it("lastValueGradients and lastBlockGradients, whole and sketched", async () => {
    const sketch = { size: 8, seed: 4 };
    const value = await onPasses(model, (pass) => lastValueGradients(model, pass));
    const block = await onPasses(model, (pass) => lastBlockGradients(model, pass));
    const sketched = await onPasses(model, (pass) => lastBlockGradients(model, pass, { sketch }));
    expect((await workers.lastValueGradients(pieces)).map(plain)).toEqual(value.map(plain));
    expect((await workers.lastBlockGradients(pieces)).map(plain)).toEqual(block.map(plain));
    expect((await workers.lastBlockGradients(pieces, { sketch })).map(plain)).toEqual(sketched.map(plain));
  });

  it("after steps of the adapter, and of the base model once that is trainable", async () => {
    const before = await oneByOne(model, false);
    step(model);
    const stepped = await oneByOne(model, false);
    expect(stepped).not.toEqual(before);
    expect(await workers.lossAndGradients(training)).toEqual(stepped);
    setTrainable(model, "all");
    step(model);
    const base = await oneByOne(model, false);
    expect([...base.gradients.keys()]).toContain("model.embed_tokens.weight");
    expect(await workers.lossAndGradients(training)).toEqual(base);
    setTrainable(model, "lora");
    expect(await workers.lossAndGradients(training)).toEqual(await oneByOne(model, false));
  });

  it("without a tensor left behind in this thread", async () => {
    const { numTensors } = tf.memory();
    step(model);
    await workers.lossAndGradients(training);
    await workers.lastValueSpsa(pieces, { seed: 1 });
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});

function plain({ data, shape }: { data: ArrayLike<number>; shape: number[] }) {
  return { data: Float64Array.from(data), shape: [...shape] };
}

describe("startWorkers", () => {
  let workers: ModelWorkers | undefined;
  afterEach(() => workers?.dispose());

  it("gives the gradient of the mean over all examples, up to the rounding of the pieces", async () => {
    await chooseBackend("wasm");
    const model = tinyModel();
    workers = await startWorkers(model, { count: 2 });
    const rows = [Int32Array.of(0, 3, 2), Int32Array.of(1, 4)];
    const weights = [1, 0.5, 2, 1, 3];
    const parts = rows.map((some) => ({
      batch: whole,
      rows: some,
      weights: Array.from(some, (row) => weights[row]),
    }));
    const { gradients } = await workers.lossAndGradients(parts);
    const all = await lossAndGradients(model, whole, { weights });
    expect([...gradients.keys()].sort()).toEqual([...all.gradients.keys()].sort());
    for (const [name, tensor] of all.gradients) {
      const expected = await tensor.data();
      const apart = Math.hypot(...(gradients.get(name) ?? []).map((x, i) => x - expected[i]));
      // float32 sums in another order
      expect(apart, name).toBeLessThan(1e-5 * (1 + Math.hypot(...expected)));
    }
    tf.dispose([...all.gradients.values()]);
    model.dispose();
  });

  it.each(tinyArchitectures)("copies %s", async (_, fields) => {
    await chooseBackend("wasm");
    const model = tinyOf(fields);
    addLora(model, { rank: 3, alpha: 2, targets: ["all-linear"], useRslora: true, seed: 2 });
    fillAdapter(model);
    workers = await startWorkers(model, { count: 1 });
    const { losses, gradients } = await lossAndGradients(model, whole);
    const found = await workers.lossAndGradients([{ batch: whole }]);
    expect(found.losses).toEqual([losses]);
    for (const [name, tensor] of gradients) expect(found.gradients.get(name)).toEqual(await tensor.data());
    tf.dispose([...gradients.values()]);
    model.dispose();
  });

  it("keeps the arithmetic of the kernels", async () => {
    await chooseBackend("wasm", { exact: true });
    const model = tinyModel();
    workers = await startWorkers(model, { count: 1 });
    expect(await workers.losses([whole])).toEqual([await model.losses(whole)]);
    model.dispose();
    await chooseBackend("wasm", { exact: false });
  });
});
