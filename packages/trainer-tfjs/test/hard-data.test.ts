import { uniform } from "@colm/array";
import type { Example } from "@colm/data";
import { chooseBackend } from "@colm/lm-tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import type { TrainOptions } from "../src/index.ts";
import { allValues, tinyLora } from "./tiny.ts";
import { steps, tinyRun } from "./tiny-run.ts";

beforeAll(async () => {
  await chooseBackend("wasm");
});

function example(start: number, by: number, length: number, source: string): Example {
  const inputIds = Int32Array.from({ length }, (_, t) => (start + by * t) % 24);
  return { inputIds, labels: inputIds.map((id, t) => (t === 0 ? -100 : id)), source, truncated: 0 };
}

const draws = uniform(new Float64Array(64), { seed: 5 });

const DATA: Record<string, Example[]> = {
  "a mixture of tasks": Array.from({ length: 64 }, (_, i) => {
    const kind = i % 10 === 0 ? 2 : i % 3 === 0 ? 1 : 0;
    return example(Math.floor(20 * draws[i]), [1, 23, 5][kind], 6, ["up", "down", "fives"][kind]);
  }),
  "lengths with a long tail": Array.from({ length: 64 }, (_, i) =>
    example(i, 1, Math.min(32, Math.floor(2 / (1 - 0.98 * draws[i])) + 1), i % 5 === 0 ? "rare" : "common"),
  ),
  duplicates: Array.from({ length: 64 }, (_, i) => example(i % 3, 1, 6, i % 5 === 0 ? "rare" : "common")),
  "one example again and again": Array.from({ length: 64 }, () => example(3, 1, 6, "only")),
  "nearly empty sources": Array.from({ length: 64 }, (_, i) =>
    example(i, 1, 5, i < 3 ? `single ${i}` : i % 2 === 0 ? "a" : "b"),
  ),
  "one source": Array.from({ length: 64 }, (_, i) => example(i, 1, 6, "all")),
};

const CHOICES: Record<string, Partial<TrainOptions>> = {
  official: {},
  "official, exact": { selection: { features: "last-value" } },
  default: { selection: { mode: "default" } },
  "default, last block": { selection: { mode: "default", features: "last-block" } },
  remembered: { selection: { mode: "default", features: "remembered" } },
  "facility-location": { method: "facility-location" },
  "grad-match": { method: "grad-match" },
  craig: { method: "craig" },
  "kmeans-centres": { method: "kmeans-centres" },
  "middle-perplexity": { method: "middle-perplexity" },
  "keep-random": { method: "keep-random" },
};

describe("data of other shapes", () => {
  for (const [name, trainDataset] of Object.entries(DATA)) {
    it(`${name}: every way keeps the budget, the small sources and finite weights`, async () => {
      for (const [way, choice] of Object.entries(CHOICES)) {
        const model = tinyLora();
        const seen = await steps({ ...tinyRun, ...choice, model, trainDataset });
        for (const { selection } of seen) {
          expect(new Set(selection.indices).size, way).toBe(8);
          const { available, selected, overflowed, dropped, warnings } = selection.diagnostics;
          expect(dropped).toBe(0);
          expect(overflowed).toBe(0);
          for (const [s, count] of selected.entries()) expect(count).toBeLessThanOrEqual(available[s]);
          if (name === "one example again and again" && way === "default") {
            expect(warnings).toContain("few-distinct-features");
          }
        }
        for (const values of await allValues(model)) expect(values.every(Number.isFinite), way).toBe(true);
        model.dispose();
      }
    });
  }

  it("keeps every example of a source that is nearly empty", async () => {
    const trainDataset = DATA["nearly empty sources"];
    const model = tinyLora();
    const seen = await steps({ ...tinyRun, model, trainDataset, pool: 64 });
    for (const { selection } of seen) {
      const chosen = new Set([...selection.indices].map((at) => trainDataset[at].source));
      for (const source of ["single 0", "single 1", "single 2"]) expect(chosen).toContain(source);
    }
    model.dispose();
  });
});
