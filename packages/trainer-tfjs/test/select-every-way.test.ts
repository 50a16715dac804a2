import { matrix } from "@colm/array";
import { addLora, chooseBackend } from "@colm/lm-tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type MethodName,
  methodNames,
  type SelectionSettings,
  type TrainOptions,
  train,
} from "../src/index.ts";
import { allValues, tinyExamples, tinyLora, tinyModel } from "./tiny.ts";
import { events, steps, tinyRun } from "./tiny-run.ts";

beforeAll(async () => {
  await chooseBackend("wasm");
});

const isMethod = (name: string): name is MethodName => methodNames.includes(name);

async function stepsOf(options: Partial<TrainOptions>, make = tinyLora) {
  const model = make();
  const seen = await steps({ ...tinyRun, model, ...options });
  const values = await allValues(model);
  model.dispose();
  return { seen, values };
}

describe("every method", () => {
  for (const method of methodNames.filter(isMethod)) {
    it(`${method} runs, chooses the budget, and leaves no tensor behind`, async () => {
      const before = tf.memory().numTensors;
      const { seen } = await stepsOf({ method, maxSteps: 2 });
      expect(tf.memory().numTensors).toBe(before);
      expect(seen.map(({ selection }) => selection.indices.length)).toEqual([8, 8]);
      for (const { loss } of seen) expect(loss).toBeGreaterThan(0);
    });
  }

  it("may be named under selection, and not differently in both places", () => {
    const model = tinyLora();
    expect(train({ ...tinyRun, model, selection: { method: "herding" } }).settings.method).toBe("herding");
    expect(() => train({ ...tinyRun, model, method: "random", selection: { method: "herding" } })).toThrow(
      new RangeError('train: "selection.method" must be "random" as "method" is, got "herding"'),
    );
    model.dispose();
  });
});

describe("features", () => {
  const kinds = ["static", "remembered", "last-value", "last-block", "spsa"] as const;
  for (const features of kinds) {
    it(`${features} feed the default mode`, async () => {
      const { seen } = await stepsOf({ selection: { mode: "default", features } });
      const passes = seen.map(({ selection }) => selection.diagnostics.matching !== undefined);
      // the first two pools share no example, so nothing is remembered of either
      const known = features !== "remembered";
      expect(passes).toEqual([known, known, true, true]);
    });
  }

  it("spsa, last-value and last-block feed the official mode, and say different things", async () => {
    const runs = [];
    for (const features of ["spsa", "last-value", "last-block"] as const) {
      const { seen } = await stepsOf({ selection: { features } });
      runs.push(seen.map(({ selection }) => [...selection.indices]));
    }
    expect(runs[1]).not.toEqual(runs[0]);
    expect(runs[2]).not.toEqual(runs[1]);
  });

  it("static ones need no model, and may be one's own", async () => {
    const vectors = matrix(
      Float32Array.from({ length: 80 }, (_, i) => Math.sin(i)),
      40,
      2,
    );
    const own = await stepsOf({ selection: { mode: "default", vectors } });
    const { seen } = await stepsOf({ selection: { mode: "default" } });
    expect(own.seen[0].selection.indices).not.toEqual(seen[0].selection.indices);
    for (const event of [...seen, ...own.seen]) {
      expect(event.stageBytes.selection).toBeLessThanOrEqual(event.stageBytes.training);
      const { kept, available } = event.selection.diagnostics;
      expect(kept).toBe(available.at(-1));
    }
    const model = tinyLora();
    const wrong = { mode: "default", vectors: matrix(new Float32Array(4), 2, 2) } as const;
    expect(() => train({ ...tinyRun, model, selection: wrong })).toThrow(
      'train: "selection.vectors" must have 40 rows as "trainDataset" has examples, got 2',
    );
    model.dispose();
  });

  it("remembered ones come from training, and from the whole pool every so many steps", async () => {
    const { seen } = await stepsOf({ maxSteps: 8, selection: { mode: "default", features: "remembered" } });
    const recalls = seen.map(({ selection }) => selection.diagnostics.recall);
    expect(recalls[0]?.unseen).toBe(16);
    // three pools hold all forty examples; from then on only examples never trained on are unseen
    expect(recalls.at(-1)?.unseen).toBeLessThan(8);
    const refreshed = await stepsOf({
      maxSteps: 8,
      selection: { mode: "default", features: "remembered", every: 4, remember: "last-block" },
    });
    expect(refreshed.seen[0].selection.diagnostics.recall?.unseen).toBe(0);
    expect(refreshed.seen[4].selection.diagnostics.recall?.unseen).toBe(0);
  });

  it("of the last block are sketched alike whether the pool or the training step shows them", async () => {
    const selection = { mode: "default", features: "remembered", remember: "last-block", every: 3 } as const;
    for (const sketch of [16, false] as const) {
      const { seen } = await stepsOf({ maxSteps: 8, selection: { ...selection, sketch } });
      const recalls = seen.map(({ selection: { diagnostics } }) => diagnostics.recall);
      expect(recalls[0]?.unseen).toBe(0);
      expect(recalls.at(-1)?.largestAge).toBeGreaterThan(0);
    }
  });

  it("of every weight work without an adapter", async () => {
    for (const features of ["spsa", "last-value", "last-block"] as const) {
      const { seen, values } = await stepsOf({ train: "full", selection: { features } }, tinyModel);
      expect(seen.at(-1)?.loss).toBeLessThan(seen[0].loss);
      for (const array of values) expect(array.every(Number.isFinite)).toBe(true);
    }
  });
});

describe("every k-th step", () => {
  it("asks the model then alone", async () => {
    for (const settings of [{ every: 3 }, { mode: "default", features: "last-value", every: 3 }] as const) {
      const { seen } = await stepsOf({ maxSteps: 6, selection: settings });
      const asked = seen.map(({ selection }) => selection.diagnostics.distinctFeatures !== undefined);
      expect(asked).toEqual([true, false, false, true, false, false]);
    }
  });

  it("keeps the small sources in between", async () => {
    const { seen } = await stepsOf({ maxSteps: 4, method: "big-loss", selection: { every: 2 } });
    for (const { selection } of seen) {
      const { available, selected } = selection.diagnostics;
      expect(selected.at(-1)).toBe(available.at(-1));
    }
  });
});

describe("reuse of the selection's forward pass", () => {
  // of one length, so that both ways cut the same micro-batches
  const trainDataset = tinyExamples(40).map((example) => ({
    ...example,
    inputIds: Int32Array.from({ length: 8 }, (_, t) => (example.inputIds[0] + t) % 24),
    labels: Int32Array.from({ length: 8 }, (_, t) => (t < 2 ? -100 : (example.inputIds[0] + t) % 24)),
  }));
  const settings: SelectionSettings[] = [
    {},
    { features: "last-value" },
    { mode: "default", features: "last-block" },
    { mode: "default", features: "spsa", directions: 3, fresh: true, every: 2 },
  ];
  for (const selection of settings) {
    it(`is bit for bit the run with gradient checkpointing: ${JSON.stringify(selection)}`, async () => {
      const runs: Awaited<ReturnType<typeof stepsOf>>[] = [];
      for (const reuse of [true, false]) {
        runs.push(
          await stepsOf({
            trainDataset,
            perDeviceTrainBatchSize: 8,
            gradientCheckpointing: true,
            selection: { ...selection, microBatchSize: 16, reuse },
          }),
        );
      }
      const [reused, plain] = runs;
      expect(reused.values).toEqual(plain.values);
      const facts = ({ seen }: (typeof runs)[number]) =>
        seen.map(({ loss, gradientNorm, selection: { indices } }) => ({ loss, gradientNorm, indices }));
      expect(facts(reused)).toEqual(facts(plain));
    });
  }

  it("holds for losses, for lengths that differ and for micro-batches, up to float32", async () => {
    for (const method of ["colm", "big-loss"] as const) {
      const runs = [];
      for (const reuse of [true, false]) {
        runs.push(
          await stepsOf({ method, perDeviceTrainBatchSize: 3, selection: { reuse, microBatchSize: 7 } }),
        );
      }
      const [reused, plain] = runs;
      for (const [i, { gradientNorm }] of reused.seen.entries()) {
        expect(gradientNorm / plain.seen[i].gradientNorm).toBeCloseTo(1, 5);
      }
    }
  });

  it("leaves no tensor behind, stopped in between or not", async () => {
    const model = tinyLora();
    const before = tf.memory().numTensors;
    const controller = new AbortController();
    const run = train({
      ...tinyRun,
      model,
      selection: { reuse: true },
      signal: controller.signal,
      callbacks: [{ onSelect: () => void controller.abort() }],
    });
    expect(await run.result).toEqual({ step: 0, reason: "stopped" });
    expect(tf.memory().numTensors).toBe(before);
    await events({ ...tinyRun, model, selection: { reuse: true } });
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });
});

describe("bad selection settings", () => {
  it("are refused at once", () => {
    const model = tinyLora();
    const refused = (selection: SelectionSettings, message: string): void => {
      expect(() => train({ ...tinyRun, model, selection })).toThrow(message);
    };
    refused(
      { features: "static" },
      'train: "selection.features" must be "spsa", "last-value" or "last-block"',
    );
    refused({ every: 0 }, 'train: "selection.every" must be an integer of at least 1, got 0');
    refused({ mode: "default", keep: 0 }, 'train: "selection.keep" must be an integer of at least 1, got 0');
    refused({ quotas: false }, 'train: "selection.quotas" must be an object in official mode, got false');
    refused(
      { microBatchSize: 0 },
      'train: "selection.microBatchSize" must be an integer of at least 1, got 0',
    );
    model.dispose();
  });

  it("such as last-block compare by the whole block where nothing of it is trained", async () => {
    const model = tinyModel();
    for (const { name, value } of model.allParameters()) value.trainable = name.includes("embed");
    const selection = { features: "last-block" } as const;
    expect(await events({ ...tinyRun, model, selection })).not.toHaveLength(0);
    expect(model.allParameters().filter(({ value }) => value.trainable)).toHaveLength(1);
    model.dispose();
  });
});

describe("dropout of the adapter", () => {
  const dropped = (): ReturnType<typeof tinyModel> => {
    const model = tinyModel();
    addLora(model, { rank: 2, alpha: 8, targets: ["q_proj", "v_proj"], dropout: 0.5, seed: 1 });
    return model;
  };

  it("falls out alike with reuse, with checkpointing, and in any micro-batches", async () => {
    const runs: Awaited<ReturnType<typeof stepsOf>>[] = [];
    for (const settings of [
      { selection: { reuse: true, microBatchSize: 16 } },
      { selection: { reuse: false }, gradientCheckpointing: true },
      { selection: { reuse: false }, perDeviceTrainBatchSize: 3 },
    ]) {
      runs.push(await stepsOf({ method: "keep-random", maxSteps: 1, ...settings }, dropped));
    }
    const whole = { pool: 8, budget: 8, trainDataset: tinyExamples(8), maxSteps: 3 };
    for (const method of ["big-loss", "random"] as const) {
      runs.push(await stepsOf({ ...whole, method, selection: { reuse: true } }, dropped));
    }
    const norms = runs.map(({ seen }) => seen.map(({ gradientNorm }) => gradientNorm));
    for (const i of [1, 2]) expect(norms[i][0] / norms[0][0]).toBeCloseTo(1, 5);
    // the whole pool is trained on: reused passes and fresh ones drop the same in three updates
    for (const [step, norm] of norms[3].entries()) expect(norm / norms[4][step]).toBeCloseTo(1, 5);
    const without = await stepsOf({ method: "keep-random", maxSteps: 1 });
    expect(Math.abs(without.seen[0].gradientNorm / norms[0][0] - 1)).toBeGreaterThan(0.01);
  });

  it("differs from update to update, and is the same in the same run", async () => {
    const runs = [];
    for (let i = 0; i < 2; i++) {
      const model = tinyModel();
      const options = {
        ...tinyRun,
        model,
        loraRank: 2,
        loraDropout: 0.5,
        useRslora: true,
        lrSchedulerType: "0",
      };
      const all = {
        ...options,
        method: "random" as const,
        trainDataset: tinyExamples(8),
        pool: 8,
        budget: 8,
      };
      runs.push((await steps(all)).map(({ gradientNorm }) => gradientNorm));
      model.dispose();
    }
    expect(runs[1]).toEqual(runs[0]);
    // at rate 0 on the same eight examples nothing but the masks changes
    expect(new Set(runs[0]).size).toBe(4);
  });
});
