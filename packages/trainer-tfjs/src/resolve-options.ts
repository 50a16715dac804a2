import { describe } from "@colm/array";
import { check, checkInteger } from "./check-options.ts";
import { constantSchedule, linearSchedule, type Schedule } from "./schedule.ts";
import type { TrainOptions } from "./train-options.ts";

type Defaulted =
  | "evalDataset"
  | "pool"
  | "budget"
  | "method"
  | "selection"
  | "maxSteps"
  | "learningRate"
  | "maxGradNorm"
  | "perDeviceTrainBatchSize"
  | "perDeviceEvalBatchSize"
  | "seed"
  | "saveSteps"
  | "now";

/** Settings of a run with every default in its place. */
export type ResolvedOptions = TrainOptions & {
  readonly [Key in Defaulted]-?: NonNullable<TrainOptions[Key]>;
} & { readonly schedule: Schedule };

/** Checks the settings before any work and fills in the defaults, each of which stands here alone. */
export function resolveOptions(options: TrainOptions): ResolvedOptions {
  const {
    evalDataset = [],
    pool = 128,
    budget = 64,
    method = "colm",
    selection = {},
    numTrainEpochs = 1,
    maxGradNorm = 1,
    perDeviceTrainBatchSize = 16,
    perDeviceEvalBatchSize = 16,
    seed = 42,
    now = () => performance.now(),
    saveSteps = 500,
    evalSteps,
  } = options;
  const examples = options.trainDataset.length;
  if (examples === 0) throw new RangeError('train: "trainDataset" must have at least 1 example, got 0');
  checkInteger("train", "pool", pool, 1);
  if (pool > examples) {
    throw new RangeError(`train: "pool" must be at most the ${examples} training examples, got ${pool}`);
  }
  checkInteger("train", "budget", budget, 1);
  if (budget > pool) {
    throw new RangeError(`train: "budget" must be at most the pool of ${pool}, got ${budget}`);
  }
  if (!["colm", "random", "keep-random"].includes(method)) {
    throw new RangeError(
      `train: "method" must be "colm", "random" or "keep-random", got ${describe(method)}`,
    );
  }
  check(
    "train",
    "numTrainEpochs",
    numTrainEpochs,
    numTrainEpochs > 0 && numTrainEpochs < Infinity,
    "a finite number above 0",
  );
  const { maxSteps = Math.ceil((numTrainEpochs * examples) / pool) } = options;
  checkInteger("train", "maxSteps", maxSteps, 1);
  check("train", "maxGradNorm", maxGradNorm, maxGradNorm > 0, "a number above 0");
  checkInteger("train", "perDeviceTrainBatchSize", perDeviceTrainBatchSize, 1);
  checkInteger("train", "perDeviceEvalBatchSize", perDeviceEvalBatchSize, 1);
  checkInteger("train", "seed", seed, 0);
  if (evalSteps !== undefined) checkInteger("train", "evalSteps", evalSteps, 1);
  checkInteger("train", "saveSteps", saveSteps, 1);
  const { learningRate = 2e-4 } = options;
  return {
    ...options,
    evalDataset,
    pool,
    budget,
    method,
    selection,
    maxSteps,
    learningRate,
    maxGradNorm,
    perDeviceTrainBatchSize,
    perDeviceEvalBatchSize,
    seed,
    saveSteps,
    now,
    schedule: scheduleOf(options, learningRate, maxSteps),
  };
}

function scheduleOf(options: TrainOptions, learningRate: number, steps: number): Schedule {
  const { lrSchedulerType = "linear", warmupRatio = 0.03 } = options;
  check(
    "train",
    "learningRate",
    learningRate,
    learningRate > 0 && learningRate < Infinity,
    "a finite number above 0",
  );
  check("train", "warmupRatio", warmupRatio, warmupRatio >= 0 && warmupRatio <= 1, "a number in [0, 1]");
  const { warmupSteps = Math.ceil(steps * warmupRatio) } = options;
  checkInteger("train", "warmupSteps", warmupSteps, 0);
  if (lrSchedulerType === "constant") return constantSchedule({ learningRate, warmupSteps });
  if (lrSchedulerType === "linear") return linearSchedule({ learningRate, warmupSteps, steps });
  throw new RangeError(
    `train: "lrSchedulerType" must be "linear" or "constant", got ${describe(lrSchedulerType)}`,
  );
}
