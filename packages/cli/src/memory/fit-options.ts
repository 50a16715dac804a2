import type { Example } from "@colm/data";
import type { CausalLM } from "@colm/lm-tfjs";
import { trainerSettings } from "../commands/train-options.ts";
import type { Io } from "../io.ts";
import type { Options } from "../option-table.ts";
import { chooseShape, shapeNote } from "./choose-shape.ts";
import { microBatchChoices } from "./fit-shape.ts";
import { parseBytes } from "./parse-bytes.ts";

/** Options of the command line that take the place of `--memory`, and what to say of them. */
export interface FittedOptions {
  readonly argv: readonly string[];
  readonly note: string;
}

/**
 * What `--memory` stands for on this machine with this model and data. What the user has set of pool, budget, micro-batch and
 * checkpointing stays as it is.
 *
 * @param options - Of `colm train`, `--memory` among them.
 * @param examples - The training set.
 * @param openModel - Opens the model afresh.
 */
export async function fitOptions(
  options: Options,
  examples: readonly Example[],
  openModel: () => Promise<CausalLM>,
  { signal }: Pick<Io, "signal">,
): Promise<FittedOptions> {
  const limit = parseBytes("--memory", options.required("memory"));
  const settings = trainerSettings(options);
  const { pool, budget, perDeviceTrainBatchSize: size, gradientAccumulationSteps: parts } = settings;
  const pools = pool === undefined ? poolChoices(examples.length, budget ?? 1) : [pool];
  const most = budget ?? Math.max(1, Math.floor(Math.max(...pools) / 2));
  const fixed = size ?? (parts === undefined ? undefined : Math.ceil(most / parts));
  const choices = {
    pools,
    microBatches: fixed === undefined ? microBatchChoices(Math.min(16, most)) : [fixed],
    checkpointing: settings.gradientCheckpointing ? [true] : [false, true],
  };
  const chosen = await chooseShape({ openModel, examples, settings, signal }, choices, limit);
  const { shape } = chosen;
  const argv = [
    `--pool=${shape.pool}`,
    `--budget=${budget ?? Math.max(1, Math.floor(shape.pool / 2))}`,
    ...(parts === undefined ? [`--per-device-train-batch-size=${shape.microBatch}`] : []),
    ...(shape.checkpointing ? ["--gradient-checkpointing"] : []),
    // a forward pass alone needs less than the training pass of as many examples
    ...(settings.perDeviceEvalBatchSize === undefined
      ? [`--per-device-eval-batch-size=${shape.microBatch}`]
      : []),
  ];
  return { argv, note: shapeNote(chosen) };
}

/** 128 and its halves that the data and the budget allow. */
function poolChoices(examples: number, budget: number): number[] {
  const most = Math.min(128, examples);
  const choices = [most];
  for (let pool = 64; pool >= Math.max(2, budget); pool /= 2) if (pool < most) choices.push(pool);
  return choices;
}
