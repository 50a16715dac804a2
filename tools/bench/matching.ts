import { fileURLToPath } from "node:url";
import { permutation } from "@colm/array";
import type { SelectionResult } from "@colm/coreset";
import { type Example, encode } from "@colm/data";
import { addLora, type CausalLM, chooseBackend, loadModel } from "@colm/lm-tfjs";
import { train, trainingSources } from "@colm/trainer-tfjs";
import { mixture } from "../problems/mixture.ts";
import { adapterErrors } from "./matching/adapter-errors.ts";
import { BUDGET, contenders, selectAll, selectRemembered } from "./matching/contenders.ts";
import { measure, summarise } from "./matching/errors.ts";
import {
  featuresOfAll,
  type RecordedGradients,
  type RecordedPool,
  recordGradients,
  recordPool,
} from "./matching/record-pools.ts";

const POOL = 128;
const POOLS = 32;
const SEED = 3;
/** LoRA updates after which methods are compared, and how many updates earlier memories were made. */
const UPDATES = 40;
const AGES = [32, 8];
/** Methods whose error is also taken in the gradient of the whole adapter, and on how many of the pools. */
const WHOLE_ADAPTER = ["official", "default", "default_last_block", "herding", "random", "keep_random"];
const ADAPTER_POOLS = 16;

/**
 * How near the mean gradient of a coreset of 64 is to that of its pool of 128, on exact gradients of the last V
 * projection's LoRA B, recorded from the base model in the middle of fine-tuning on the built-in mixture.
 *
 * `METHOD_plain`: `|mean_S - mean| / |mean|`, its mean over the pools; `METHOD_upweighted`: to the mean in which the examples of
 * small sources have the part of the pool that they have of a batch that keeps all of them. `*_ci95`: half the width of the 95 %
 * confidence interval. `default_remembered_K`: from sketches of gradients that are K updates old.
 * `METHOD_adapter_*`: the same errors in the gradient of all LoRA parameters, which no method sees.
 */
export async function run(): Promise<Record<string, number>> {
  await chooseBackend("wasm");
  const model = await loadModel(fileURLToPath(new URL("../base-model/model", import.meta.url)));
  const examples = trainingExamples(model);
  const { ids, small } = await trainingSources(examples);
  const source = { examples, sources: ids, features: featuresOfAll(examples) };
  addLora(model, { rank: 8, alpha: 32, targets: ["q_proj", "k_proj", "v_proj", "o_proj"], seed: SEED });
  const order = permutation(examples.length, { seed: SEED });
  const drawn = Array.from({ length: POOLS }, (_, p) => order.slice(p * POOL, (p + 1) * POOL));
  const memories: { age: number; gradients: RecordedGradients[] }[] = [];
  let updates = 0;
  for (const age of AGES) {
    await fineTune(model, examples, UPDATES - age - updates, updates);
    updates = UPDATES - age;
    const gradients: RecordedGradients[] = [];
    for (const ids of drawn) gradients.push(await recordGradients(model, source, ids));
    memories.push({ age, gradients });
  }
  await fineTune(model, examples, UPDATES - updates, updates);
  const pools: RecordedPool[] = [];
  for (const ids of drawn) pools.push(await recordPool(model, source, ids, UPDATES));
  memories.push({ age: 0, gradients: pools });

  const figures: Record<string, number> = { pools: POOLS };
  const choices = new Map<string, SelectionResult[]>();
  for (const contender of contenders(small)) {
    const results = await selectAll(contender, pools);
    Object.assign(figures, measure(contender.name, pools, small, results));
    if (WHOLE_ADAPTER.includes(contender.name)) choices.set(contender.name, results);
  }
  const some = pools.slice(0, ADAPTER_POOLS);
  for (const [name, errors] of await adapterErrors(model, examples, some, small, choices)) {
    Object.assign(figures, summarise(`${name}_adapter`, errors));
  }
  model.dispose();
  for (const { age, gradients } of memories) {
    const results = await selectRemembered(small, pools, gradients);
    Object.assign(figures, measure(`default_remembered_${age}`, pools, small, results));
  }
  return figures;
}

function trainingExamples({ tokenizer }: CausalLM): Example[] {
  if (tokenizer === undefined) throw new Error("matching: the base model has no tokenizer.json");
  return mixture({ seed: SEED }).train.map((row) => encode(row, tokenizer));
}

/** Plain fine-tuning on random batches of 64, so that the adapter is not at its start. */
async function fineTune(
  model: CausalLM,
  examples: readonly Example[],
  updates: number,
  begin: number,
): Promise<void> {
  const run = train({
    model,
    trainDataset: examples,
    method: "random",
    pool: BUDGET,
    budget: BUDGET,
    maxSteps: updates,
    lrSchedulerType: "constant",
    warmupSteps: 0,
    learningRate: 1e-3,
    perDeviceTrainBatchSize: BUDGET,
    seed: SEED + begin,
  });
  for await (const _ of run);
}
