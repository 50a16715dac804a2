import { chooseBackend } from "@colm/lm-tfjs";
import type { TrainOptions } from "@colm/trainer-tfjs";
import { builtInData, openBaseModel } from "../start/built-in-job.ts";
import { CONTENDERS, type ContenderName, contenderNames, forEachContender } from "./train/contenders.ts";
import { deviation, mean } from "./train/mean.ts";
import { oneRun, type RunFigures } from "./train/one-run.ts";

const STEPS = 60;
const PILOT_STEPS = 6;
const SEEDS = [11, 12, 13, 14, 15];
/** That of the built-in job, and twice that. */
const RATES = { "": 0.005, _double_rate: 0.01 } as const;

type Settings = Omit<TrainOptions, "model" | "trainDataset" | "evalDataset">;

/**
 * Fine-tuning of the built-in model on the built-in mixture: held-out losses, CPU seconds and bytes of an update after equally many
 * updates, and the macro loss after equal CPU seconds, when every method makes as many updates as fit into the time of
 * `random128` and its learning rate falls over those.
 *
 * Figures are means over the seeds, `*_sd` the standard deviation; a seed decides mixture, order, adapter and draws, the same for
 * all methods. `*_double_rate`: at twice the learning rate. `*_over_keep_random`: paired differences from `keep_random`,
 * negative where the method is better. What a step costs is measured beforehand, in turns.
 */
export async function run(): Promise<Record<string, number>> {
  await chooseBackend("wasm");
  const steps = await equalSecondsSteps();
  const names = contenderNames();
  const figures: Record<string, number> = { seeds: SEEDS.length, steps: STEPS };
  for (const name of names) figures[`${name}_equal_seconds_steps`] = steps[name];
  console.error(`updates in equal seconds: ${names.map((name) => `${name} ${steps[name]}`).join(", ")}`);
  for (const [suffix, learningRate] of Object.entries(RATES)) {
    const equalSteps = emptyLists();
    const equalSeconds = emptyLists();
    for (const seed of SEEDS) {
      for (const name of names) {
        const atEnd = await trained(name, { learningRate, seed, maxSteps: STEPS });
        equalSteps[name].push(atEnd);
        const sameRun = steps[name] === STEPS;
        equalSeconds[name].push(
          sameRun ? atEnd : await trained(name, { learningRate, seed, maxSteps: steps[name] }),
        );
        console.error(
          `rate ${learningRate}, seed ${seed}, ${name}: macro ${atEnd.macro.toFixed(4)}, ` +
            `at equal seconds ${equalSeconds[name].at(-1)?.macro.toFixed(4)}`,
        );
      }
    }
    for (const name of names) {
      const own = equalSteps[name];
      for (const key of ["macro", "micro", "small"] as const) {
        figures[`${name}_${key}${suffix}`] = mean(own.map((one) => one[key]));
        figures[`${name}_${key}_sd${suffix}`] = deviation(own.map((one) => one[key]));
      }
      figures[`${name}_seconds${suffix}`] = mean(own.map(({ seconds }) => seconds));
      figures[`${name}_bytes${suffix}`] = Math.max(...own.map(({ bytes }) => bytes));
      const macros = equalSeconds[name].map(({ macro }) => macro);
      figures[`${name}_equal_seconds_macro${suffix}`] = mean(macros);
      figures[`${name}_equal_seconds_macro_sd${suffix}`] = deviation(macros);
      const differences = macros.map((macro, s) => macro - equalSeconds.keep_random[s].macro);
      figures[`${name}_equal_seconds_macro_over_keep_random${suffix}`] = mean(differences);
      figures[`${name}_equal_seconds_macro_over_keep_random_sd${suffix}`] = deviation(differences);
    }
  }
  return figures;
}

/** How many updates of each method take the CPU time of `STEPS` updates of `random128`. */
async function equalSecondsSteps(): Promise<Record<ContenderName, number>> {
  const costs = emptyLists();
  for (let round = 0; round < 2; round++) {
    for (const name of contenderNames()) {
      costs[name].push(await trained(name, { learningRate: RATES[""], seed: 1, maxSteps: PILOT_STEPS }));
    }
  }
  const costOf = (name: ContenderName): number => Math.min(...costs[name].map(({ seconds }) => seconds));
  return forEachContender((name) => Math.round((STEPS * costOf("random128")) / costOf(name)));
}

async function trained(
  name: ContenderName,
  settings: Pick<Settings, "learningRate" | "maxSteps"> & { seed: number },
): Promise<RunFigures> {
  const model = await openBaseModel();
  return oneRun(model, {
    ...builtInData(model, settings.seed),
    ...settings,
    ...CONTENDERS[name],
    loraRank: 16,
    loraAlpha: 32,
    loraTargetModules: ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
    // one pass for the whole batch: the peak of memory is then the batch's own
    perDeviceTrainBatchSize: 128,
    perDeviceEvalBatchSize: 128,
  });
}

const emptyLists = (): Record<ContenderName, RunFigures[]> => forEachContender(() => []);
