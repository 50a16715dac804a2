import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Example } from "@colm/data";
import { chooseBackend } from "@colm/lm-tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { type TrainOptions, train } from "../src/index.ts";
import { allValues, tinyLora, tinyModel } from "./tiny.ts";
import { events, tinyRun } from "./tiny-run.ts";

beforeAll(async () => {
  await chooseBackend("wasm");
});

const { trainDataset: examples } = tinyRun;
const fresh = (): string => mkdtempSync(join(tmpdir(), "colm-checked-"));

/** The message of a run that must not come to its first update. */
async function refusal(options: Partial<TrainOptions>): Promise<string> {
  const model = tinyLora();
  const run = train({ ...tinyRun, model, ...options });
  let message = "";
  try {
    for await (const event of run) throw new Error(`began: ${event.type} ${event.step}`);
  } catch (error) {
    message = error instanceof Error ? error.message : "";
  }
  model.dispose();
  return message;
}

describe("data", () => {
  const long = Int32Array.from({ length: 33 }, (_, t) => t % 24);
  const broken: [Partial<Example>, string][] = [
    [{ inputIds: long, labels: long }, "examples of 1 to 32 tokens, the model's positions, got 33"],
    [
      { inputIds: long.slice(0, 0), labels: long.slice(0, 0) },
      "examples of 1 to 32 tokens, the model's positions, got 0",
    ],
    [{ inputIds: Int32Array.of(1, 24), labels: Int32Array.of(1, 2) }, "token ids in [0, 24), got 24"],
    [{ inputIds: Int32Array.of(1, -1), labels: Int32Array.of(1, 2) }, "token ids in [0, 24), got -1"],
    [
      { inputIds: Int32Array.of(1, 2), labels: Int32Array.of(1, 24) },
      "labels that are -100 or in [0, 24), got 24",
    ],
    [{ inputIds: Int32Array.of(1, 2), labels: Int32Array.of(1) }, "a label for each token, got 1 for 2"],
  ];

  it("that do not fit the model are refused before the first update, with their place", async () => {
    for (const [wrong, message] of broken) {
      const list = examples.with(39, { ...examples[39], ...wrong });
      expect(await refusal({ trainDataset: list })).toBe(
        `train: "trainDataset" must have ${message} at example 39`,
      );
      const heldOut = examples.slice(0, 3).with(2, { ...examples[2], ...wrong });
      expect(await refusal({ evalDataset: heldOut })).toBe(
        `train: "evalDataset" must have ${message} at example 2`,
      );
    }
    const onDemand = {
      length: 40,
      get: async (at: number) => ({ ...examples[at], ...(at === 17 && broken[0][0]) }),
    };
    expect(await refusal({ trainDataset: onDemand })).toContain("got 33 at example 17");
  });

  it("are two Int32Arrays", async () => {
    const wrong = JSON.parse('{"inputIds":[1,2],"labels":[1,2],"source":"a","truncated":0}');
    expect(await refusal({ trainDataset: examples.with(1, wrong) })).toBe(
      'train: "trainDataset" must have inputIds in an Int32Array, got an array of 2 at example 1',
    );
  });
});

describe("what only the end would need", () => {
  it("is looked for at the beginning: the metric, the rates", async () => {
    const evalDataset = examples.filter(({ source }) => source !== "rare");
    const demand = 'train: "metricForBestModel" must be one that the held-out set has (sources a, b), got';
    for (const metricForBestModel of ["source:rare", "small"]) {
      expect(await refusal({ evalDataset, metricForBestModel })).toBe(`${demand} "${metricForBestModel}"`);
    }
    const unlearned = evalDataset.map((example) => ({ ...example, labels: example.labels.map(() => -100) }));
    expect(await refusal({ evalDataset: unlearned, metricForBestModel: "perplexity" })).toBe(
      `${demand} "perplexity"`,
    );
    expect(await refusal({ maxSteps: 12, lrSchedulerType: "1 - step / 6" })).toMatch(
      /^train: "lrSchedulerType at step 7" must be a finite number of at least 0, got -/,
    );
  });

  it("leaves the model as it was where it is refused", async () => {
    const model = tinyModel();
    const before = await allValues(model);
    const trainable = [...model.parameters().values()].map((view) => view.trainable);
    const outputDir = fresh();
    await events({ ...tinyRun, model: tinyModel(), loraRank: 4, outputDir });
    const refused = { ...tinyRun, model, loraRank: 2, outputDir, resumeFromCheckpoint: true } as const;
    await expect(events(refused)).rejects.toThrow('train: "loraRank" must be 4 as in the checkpoint');
    expect(model.lora).toBeUndefined();
    expect(await allValues(model)).toEqual(before);
    expect([...model.parameters().values()].map((view) => view.trainable)).toEqual(trainable);
    // so the corrected call works
    await events({ ...refused, loraRank: 4 });
    model.dispose();
  });
});

describe("a last evaluation that fails", () => {
  it("does not take what was learned with it", async () => {
    const outputDir = fresh();
    let gone = false;
    const evalDataset = {
      length: 4,
      async get(at: number) {
        if (gone) throw new Error("ENOENT");
        return examples[at];
      },
    };
    const options = { ...tinyRun, evalDataset, outputDir };
    const model = tinyLora();
    const callbacks = [
      {
        onTrainBegin() {
          gone = true;
          return undefined;
        },
      },
    ];
    await expect(events({ ...options, model, callbacks })).rejects.toThrow("must stay readable, got ENOENT");
    expect(readdirSync(outputDir).sort()).toEqual(["checkpoint-4", "events.jsonl"]);
    gone = false;
    const again = tinyLora();
    const rest = await events({ ...options, model: again, resumeFromCheckpoint: true });
    expect(rest.map(({ type, step }) => `${type} ${step}`)).toEqual(["evaluate 4", "checkpoint 4", "end 4"]);
    expect(await allValues(again)).toEqual(await allValues(model));
    model.dispose();
    again.dispose();
  });
});
