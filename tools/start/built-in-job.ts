import { fileURLToPath } from "node:url";
import type { ComparedRun } from "@colm/cli";
import { type Example, encode } from "@colm/data";
import { type CausalLM, loadModel } from "@colm/lm-tfjs";
import { mixture, type ProblemRow } from "../problems/mixture.ts";

const MODEL = fileURLToPath(new URL("../base-model/model", import.meta.url));

/** The four runs of the main job: coresets, and the three controls that tell what they are worth. */
export const RUNS: readonly ComparedRun[] = [
  { name: "colm 64 of 128", method: "colm", pool: 128, budget: 64 },
  { name: "random 64 of 128", method: "random", pool: 128, budget: 64 },
  { name: "random 128", method: "random", pool: 128, budget: 128 },
  { name: "keep-random 64 of 128", method: "keep-random", pool: 128, budget: 64 },
];

/** Training and held-out examples of the built-in mixture. */
export interface BuiltInData {
  readonly trainDataset: readonly Example[];
  readonly evalDataset: readonly Example[];
}

/** The base model that the repository has pre-trained itself. */
export function openBaseModel(): Promise<CausalLM> {
  return loadModel(MODEL);
}

/** The built-in mixture in tokens; `model` lends its tokenizer. */
export function builtInData(model: CausalLM, seed: number): BuiltInData {
  const { tokenizer } = model;
  if (tokenizer === undefined)
    throw new Error(`the base model has no tokenizer.json: ${MODEL} is incomplete`);
  const { train, heldOut } = mixture({ seed });
  const examples = (rows: readonly ProblemRow[]): Example[] => rows.map((row) => encode(row, tokenizer));
  return { trainDataset: examples(train), evalDataset: examples(heldOut) };
}
