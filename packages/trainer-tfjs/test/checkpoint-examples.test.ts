import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseBackend } from "@colm/lm-tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { examplesDigest } from "../src/checkpoint-examples.ts";
import { tinyExamples, tinyLora } from "./tiny.ts";
import { events, tinyRun } from "./tiny-run.ts";

beforeAll(async () => {
  await chooseBackend("wasm");
});

const ids = Int32Array.of(1, 2, 3);
const example = { inputIds: ids, labels: ids, source: "sums", truncated: 0 };

describe("examplesDigest", () => {
  it("tells tokens, labels, sources, borders and order apart", async () => {
    const other = Int32Array.of(1, 2, -100);
    const sets = [
      [example, { ...example, source: "dates" }],
      [{ ...example, source: "dates" }, example],
      [example, example],
      [example, { ...example, labels: other }],
      [example, { ...example, inputIds: other }],
      [example],
      [{ ...example, inputIds: Int32Array.of(1, 2, 3, 1), labels: Int32Array.of(2, 3) }],
    ];
    const digests = await Promise.all(sets.map(examplesDigest));
    expect(new Set(digests).size).toBe(sets.length);
    expect(await examplesDigest([{ ...example, inputIds: ids.slice() }])).toBe(digests[5]);
    // parts of larger arrays count by what they hold
    const part = Int32Array.of(0, 1, 2, 3, 4).subarray(1, 4);
    expect(await examplesDigest([{ ...example, inputIds: part, labels: part }])).toBe(digests[5]);
  });

  it("reads a list on demand once", async () => {
    let reads = 0;
    const list = {
      length: 3,
      get: async () => {
        reads++;
        return example;
      },
    };
    expect(await examplesDigest(list)).toBe(await examplesDigest(list));
    expect(reads).toBe(3);
  });
});

describe("a checkpoint", () => {
  it("goes on with the examples that it was written with alone; an old one says nothing of them", async () => {
    const outputDir = mkdtempSync(join(tmpdir(), "colm-examples-"));
    const model = tinyLora();
    await events({ ...tinyRun, model, outputDir, saveSteps: 2 });
    const path = join(outputDir, "checkpoint-2");
    const resumed = { ...tinyRun, model, resumeFromCheckpoint: path };
    const turned = tinyExamples(40).reverse();
    await expect(events({ ...resumed, trainDataset: turned })).rejects.toThrow(
      `train: "trainDataset" must be the examples in the order as in the checkpoint ${path}, got others or another order`,
    );
    expect((await events({ ...resumed, trainDataset: tinyExamples(40) })).at(-1)).toMatchObject({
      reason: "finished",
    });
    const file = join(path, "trainer_state.json");
    const { colm, ...fields } = JSON.parse(readFileSync(file, "utf8"));
    const { trainDataset, ...old } = colm;
    expect(trainDataset).toMatch(/^[0-9a-f]{64}$/);
    writeFileSync(file, JSON.stringify({ ...fields, colm: old }));
    expect((await events({ ...resumed, trainDataset: turned })).at(-1)).toMatchObject({ reason: "finished" });
    model.dispose();
  });
});
