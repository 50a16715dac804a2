import type { Example } from "@colm/data";
import { chooseBackend } from "@colm/lm-tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { clusterExamples } from "../src/cluster-examples.ts";
import { type TrainOptions, train } from "../src/index.ts";
import { tinyLora, tinyModel } from "./tiny.ts";
import { events, tinyRun } from "./tiny-run.ts";

beforeAll(async () => {
  await chooseBackend("wasm");
});

/** Three kinds of examples, each of tokens of its own; the last kind is rare. None says so. */
const planted = Array.from({ length: 40 }, (_, i) => (i % 8 === 7 ? 2 : i % 2));
const trainDataset = planted.map((kind, i): Example => {
  const inputIds = Int32Array.from({ length: 5 + (i % 3) }, (_, t) => 8 * kind + ((i + t) % 3));
  return { inputIds, labels: inputIds, source: "", truncated: 0 };
});

describe("clusterExamples", () => {
  it("finds planted sources, by the model's hidden states or a smaller one's", async () => {
    const model = tinyModel();
    const options = { batchSize: 7, seed: 1 };
    const tensors = tf.memory().numTensors;
    for (const settings of [
      { clusters: 3, layer: 0 },
      { clusters: 3, layer: 0, model: tinyModel(5) },
    ]) {
      const labels = await clusterExamples(model, trainDataset, settings, options);
      // numbered in the order in which they first appear, as the kinds are
      expect([...labels]).toEqual(planted);
      if ("model" in settings) settings.model.dispose();
    }
    expect(tf.memory().numTensors).toBe(tensors);
    // the examples of a kind have but three different mixes of tokens, and a silhouette sees those: none mixes kinds
    const labels = await clusterExamples(model, trainDataset, { clusters: "auto", layer: 0 }, options);
    const kinds = new Map([...labels].map((label, i) => [label, planted[i]]));
    expect([...labels].map((label) => kinds.get(label))).toEqual(planted);
    model.dispose();
  });

  it("is the same in any micro-batches", async () => {
    const model = tinyModel();
    const settings = { clusters: 4 };
    const [a, b] = await Promise.all(
      [3, 40].map((batchSize) => clusterExamples(model, trainDataset, settings, { batchSize, seed: 2 })),
    );
    expect(a).toEqual(b);
    model.dispose();
  });
});

describe("train with clusterSources", () => {
  it("keeps the small clusters, and makes them anew every so many steps", async () => {
    const model = tinyLora();
    const seen = await events({
      ...tinyRun,
      model,
      trainDataset,
      maxSteps: 5,
      clusterSources: { clusters: 3, layer: 0, refreshSteps: 2 },
    });
    expect(seen.map(({ type, step }) => `${type} ${step}`)).toEqual([
      ...["sources 0", "step 1", "step 2", "sources 2", "step 3", "step 4", "sources 4", "step 5", "end 5"],
    ]);
    for (const event of seen) {
      if (event.type === "sources") {
        expect([...event.counts]).toEqual([20, 15, 5]);
        expect(event.small).toEqual([false, false, true]);
        // the examples name one source, which says nothing
        expect(event.agreement).toBeNull();
      }
      if (event.type !== "step") continue;
      const { available, selected } = event.selection.diagnostics;
      expect(available).toHaveLength(3);
      expect(selected[2]).toBe(available[2]);
      expect(event.selection.indices.filter((at) => planted[at] === 2)).toHaveLength(selected[2]);
    }
    model.dispose();
  });

  it("says how well they agree with the sources that examples name", async () => {
    const model = tinyLora();
    const agreementWith = async (nameOf: (i: number) => string): Promise<number | null | undefined> => {
      const named = trainDataset.map((example, i) => ({ ...example, source: nameOf(i) }));
      const clusterSources = { clusters: 3, layer: 0 };
      const seen = await events({ ...tinyRun, model, trainDataset: named, maxSteps: 1, clusterSources });
      return seen.find((event) => event.type === "sources")?.agreement;
    };
    expect(await agreementWith((i) => `kind ${planted[i]}`)).toBe(1);
    expect(await agreementWith((i) => (i < 20 ? "first" : "second"))).toBeLessThan(0.1);
    model.dispose();
  });

  it("once, where no refresh is asked for, by any rule for small ones", async () => {
    const model = tinyLora();
    const selection = { boundary: { rule: "quantile", value: 0.9 } } as const;
    const clusterSources = { clusters: 3, layer: 0 };
    const seen = await events({
      ...tinyRun,
      model,
      trainDataset,
      method: "keep-random",
      selection,
      clusterSources,
    });
    const made = seen.filter((event) => event.type === "sources");
    expect(made).toHaveLength(1);
    expect(made[0].small).toEqual([false, true, true]);
    model.dispose();
  });

  it("refuses names for what has none, and layers that there are not", () => {
    const model = tinyLora();
    const refused = (options: Partial<TrainOptions>, message: string): void => {
      expect(() => train({ ...tinyRun, model, ...options })).toThrow(message);
    };
    const clusterSources = { clusters: 2 };
    refused(
      { clusterSources, smallSources: ["a"] },
      '"smallSources" must not be given with "clusterSources"',
    );
    refused(
      { clusterSources: { clusters: 0 } },
      '"clusterSources.clusters" must be an integer of at least 1, got 0',
    );
    refused(
      { clusterSources: { clusters: 2, layer: 3 } },
      '"clusterSources.layer" must be an integer in [0, 2], got 3',
    );
    refused(
      { clusterSources: { clusters: 2, refreshSteps: 0 } },
      '"clusterSources.refreshSteps" must be an integer',
    );
    model.dispose();
  });
});
