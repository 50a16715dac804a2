import { chooseBackend } from "@colm/lm-tfjs";
import { builtInData, openBaseModel } from "../start/built-in-job.ts";
import { CONTENDERS } from "./train/contenders.ts";
import { deviation, mean } from "./train/mean.ts";
import { oneRun, type RunFigures } from "./train/one-run.ts";

const STEPS = 60;
const SEEDS = [11, 12, 13, 14, 15];
const LEARNING_RATE = 0.005;
/** A seventh of the built-in mixture, and one with as many rows in all, the same number of every source (one kind has not more). */
const MIXTURES = {
  skewed: { largest: 424, smallest: 4 },
  balanced: { largest: 100, smallest: 100 },
} as const;
const NAMES = ["random64", "keep_random", "official", "default"] as const;

/**
 * Whether the gain of keeping and choosing goes where no source is rarer than the others, as it should: fine-tuning of the built-in model on
 * a seventh of the built-in mixture (skew 106:1) and on a balanced one of as many rows, each on its own held-out rows.
 *
 * `METHOD_macro_MIXTURE`, `METHOD_micro_MIXTURE`: held-out losses, means over five seeds; `METHOD_gain_MIXTURE`: the macro loss of
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
          ...builtInData(model, seed, sizes),
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
