import type { Example } from "@colm/data";
import { type CausalLM, chooseBackend } from "@colm/lm-tfjs";
import { type BuiltInData, builtInData, openBaseModel } from "../start/built-in-job.ts";
import { CONTENDERS } from "./train/contenders.ts";
import { deviation, mean } from "./train/mean.ts";
import { oneRun, type RunFigures } from "./train/one-run.ts";

const STEPS = 60;
const SEEDS = [11, 12, 13];
const LEARNING_RATE = 0.005;
/** Rows of the six commonest kinds of problems, 2,028 in all: skewed as the built-in mixture is, 126:1, and all alike. */
const MIXTURES = {
  skewed: [1262, 479, 182, 69, 26, 10],
  balanced: [338, 338, 338, 338, 338, 338],
} as const;
const NAMES = ["random64", "keep_random", "official", "default"] as const;

/**
 * Whether the gain of keeping and choosing goes where no source is rarer than the others, as it should: fine-tuning of the built-in model on
 * six kinds of problems of the built-in mixture, once skewed and once balanced, 2,028 rows either way and the same held-out rows.
 *
 * `METHOD_macro_MIXTURE`, `METHOD_micro_MIXTURE`: held-out losses, means over three seeds; `METHOD_gain_MIXTURE`: the macro loss of
 * `random64` less that of the method, seed by seed, above 0 where the method is better; `*_sd` the standard deviations.
 */
export async function run(): Promise<Record<string, number>> {
  await chooseBackend("wasm");
  const figures: Record<string, number> = { seeds: SEEDS.length, steps: STEPS };
  for (const [mixtureName, sizes] of Object.entries(MIXTURES)) {
    const runs = new Map<string, RunFigures[]>(NAMES.map((name) => [name, []]));
    for (const seed of SEEDS) {
      for (const name of NAMES) {
        const model = await openBaseModel();
        const made = await oneRun(model, {
          ...dataOf(model, seed, sizes),
          ...CONTENDERS[name],
          seed,
          learningRate: LEARNING_RATE,
          maxSteps: STEPS,
          loraRank: 16,
          loraAlpha: 32,
          loraTargetModules: ["all-linear"],
          perDeviceTrainBatchSize: 128,
          perDeviceEvalBatchSize: 128,
        });
        runs.get(name)?.push(made);
        console.error(`${mixtureName}, seed ${seed}, ${name}: macro ${made.macro.toFixed(4)}`);
      }
    }
    const control = (runs.get("random64") ?? []).map(({ macro }) => macro);
    for (const [name, own] of runs) {
      const macros = own.map(({ macro }) => macro);
      const gains = macros.map((macro, s) => control[s] - macro);
      figures[`${name}_macro_${mixtureName}`] = mean(macros);
      figures[`${name}_macro_${mixtureName}_sd`] = deviation(macros);
      figures[`${name}_micro_${mixtureName}`] = mean(own.map(({ micro }) => micro));
      if (name === "random64") continue;
      figures[`${name}_gain_${mixtureName}`] = mean(gains);
      figures[`${name}_gain_${mixtureName}_sd`] = deviation(gains);
    }
  }
  return figures;
}

/** The first `sizes[s]` rows of the s-th commonest source, and the held-out rows of the same sources. */
function dataOf(model: CausalLM, seed: number, sizes: readonly number[]): BuiltInData {
  const { trainDataset, evalDataset } = builtInData(model, seed);
  const counts = new Map<string, number>();
  for (const { source } of trainDataset) counts.set(source, (counts.get(source) ?? 0) + 1);
  const names = [...counts.keys()].toSorted((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0));
  const left = new Map(sizes.map((size, s) => [names[s], size]));
  const taken = trainDataset.filter(({ source }: Example) => {
    const room = left.get(source) ?? 0;
    if (room > 0) left.set(source, room - 1);
    return room > 0;
  });
  return { trainDataset: taken, evalDataset: evalDataset.filter(({ source }) => left.has(source)) };
}
