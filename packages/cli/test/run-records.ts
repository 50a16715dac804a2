import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunRecord } from "@colm/report";

/** A run of one step whose last macro loss is `macro`. */
export function runRecord(name: string, macro: number, change: Partial<RunRecord> = {}): RunRecord {
  return {
    format: 1,
    name,
    method: "colm",
    pool: 8,
    budget: 4,
    seed: 1,
    settings: { model: "m", data: "d", maxSteps: 1 },
    environment: {},
    sources: [{ name: "a", examples: 9, small: false }],
    steps: [
      { step: 1, loss: 2, seconds: 0.5, selectionSeconds: 0, tokens: 9, learningRate: 0.1, picked: { a: 4 } },
    ],
    evaluations: [{ step: 1, micro: macro, macro, small: null, exactMatch: 0.5, perSource: { a: macro } }],
    peakBytes: 1_000_000,
    ...change,
  };
}

/** Writes a record as the folder of a run. */
export function writeRun(parent: string, folder: string, record: RunRecord): string {
  const path = join(parent, folder);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "run.json"), JSON.stringify(record));
  return path;
}
