import { describe, requireOptions } from "@colm/array";
import type { Needs } from "@colm/coreset";
import { check, checkInteger } from "./check-options.ts";
import { makeOptimizer } from "./make-optimizer.ts";
import { resolveSchedule, type ScheduleRule } from "./make-schedule.ts";
import { makeSelector } from "./make-selector.ts";
import type { Optimizer } from "./optimizer.ts";
import { requireKinds } from "./parse-settings.ts";
import { resolveBatch } from "./resolve-batch.ts";
import { resolveSelection } from "./resolve-selection.ts";
import type { SelectionSettings } from "./selection-settings.ts";
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
  | "lossNormalization"
  | "metricForBestModel"
  | "earlyStoppingThreshold"
  | "loggingSteps"
  | "seed"
  | "saveSteps"
  | "callbacks"
  | "workers"
  | "sinks"
  | "now";

/** Settings of a run with every default in its place. */
export type ResolvedOptions = TrainOptions & {
  readonly [Key in Defaulted]-?: NonNullable<TrainOptions[Key]>;
} & { readonly scheduleRule: ScheduleRule; readonly optimizer: Optimizer };

/** Checks the settings before any work and fills in the defaults, each of which stands here or in its `resolve…` alone. */
export function resolveOptions(options: TrainOptions): ResolvedOptions {
  requireOptions("train", options);
  const {
    evalDataset = [],
    numTrainEpochs = 1,
    perDeviceEvalBatchSize = 16,
    metricForBestModel = "micro",
    earlyStoppingThreshold = 0,
    loggingSteps = 10,
    seed = 42,
    now = () => performance.now(),
    saveSteps = 500,
    callbacks = [],
    sinks = [],
    workers = 0,
  } = options;
  requireList("trainDataset", options.trainDataset);
  requireList("evalDataset", evalDataset);
  const examples = options.trainDataset.length;
  if (examples === 0) throw new RangeError('train: "trainDataset" must have at least 1 example, got 0');
  checkInteger("train", "seed", seed, 0);
  checkAdapter(options);
  const batch = resolveBatch(options, examples);
  const { method, selection } = resolveSelection(options);
  // refused here, before any work, with flags that no source has yet
  const { needs } = makeSelector({ method, budget: batch.budget, seed, selection, now }, [false]);
  checkWorkers(workers, selection, needs);
  const holds = numTrainEpochs > 0 && numTrainEpochs < Infinity;
  check("train", "numTrainEpochs", numTrainEpochs, holds, "a finite number above 0");
  const { maxSteps = Math.ceil((numTrainEpochs * examples) / batch.pool) } = options;
  checkInteger("train", "maxSteps", maxSteps, 1);
  checkInteger("train", "perDeviceEvalBatchSize", perDeviceEvalBatchSize, 1);
  for (const name of ["evalSteps", "saveTotalLimit", "earlyStoppingPatience"] as const) {
    if (options[name] !== undefined) checkInteger("train", name, options[name], 1);
  }
  checkInteger("train", "saveSteps", saveSteps, 1);
  checkInteger("train", "loggingSteps", loggingSteps, 1);
  checkThreshold(earlyStoppingThreshold);
  checkMetric(metricForBestModel, options, evalDataset.length);
  checkRecords(options);
  // whatever has no range of its own
  requireKinds("train", options);
  const scheduleRule = resolveSchedule(options, maxSteps);
  return {
    ...options,
    ...batch,
    evalDataset,
    method,
    selection,
    maxSteps,
    learningRate: scheduleRule.learningRate,
    perDeviceEvalBatchSize,
    metricForBestModel,
    earlyStoppingThreshold,
    loggingSteps,
    seed,
    saveSteps,
    callbacks,
    sinks,
    now,
    workers,
    scheduleRule,
    optimizer: makeOptimizer(options),
  };
}

/** An array, or a list that is read on demand. */
function requireList(name: string, list: unknown): void {
  if (Array.isArray(list)) return;
  const { length, get }: { length?: unknown; get?: unknown } = Object(list);
  if (typeof get === "function" && Number.isSafeInteger(length)) return;
  throw new TypeError(
    `train: "${name}" must be an array of examples, or a list with length and get, got ${describe(list)}`,
  );
}

function checkAdapter({ loraRank, loraAlpha, loraDropout }: TrainOptions): void {
  if (loraRank !== undefined) checkInteger("train", "loraRank", loraRank, 1);
  if (loraAlpha !== undefined) {
    check("train", "loraAlpha", loraAlpha, loraAlpha > 0 && loraAlpha < Infinity, "a finite number above 0");
  }
  if (loraDropout !== undefined) {
    check("train", "loraDropout", loraDropout, loraDropout >= 0 && loraDropout < 1, "a number in [0, 1)");
  }
}

/** Workers start from token ids, so what goes on from a pass of the main thread cannot be theirs. */
function checkWorkers(workers: number, { reuse }: SelectionSettings, needs: Needs): void {
  checkInteger("train", "workers", workers, 0);
  if (workers === 0) return;
  const refuse = (what: string): never => {
    throw new RangeError(`train: "workers" must be 0 with ${what} a pass in the main thread, got ${workers}`);
  };
  if (reuse === true && (needs.gradients || needs.losses)) refuse('"selection.reuse", which goes on from');
  if (needs.ids) refuse("remembered features, which are taken from");
}

function checkThreshold(threshold: number): void {
  const holds = threshold >= 0 && threshold < Infinity;
  check("train", "earlyStoppingThreshold", threshold, holds, "a finite number of at least 0");
}

function checkMetric(metric: unknown, options: TrainOptions, heldOut: number): void {
  const known =
    typeof metric === "string" && /^(micro|loss|eval_loss|macro|small|perplexity|source:.+)$/.test(metric);
  if (!known) {
    throw new RangeError(
      `train: "metricForBestModel" must be "micro", "macro", "small", "perplexity" or "source:NAME", got ${describe(metric)}`,
    );
  }
  for (const name of ["earlyStoppingPatience", "loadBestModelAtEnd"] as const) {
    if (options[name] && heldOut === 0) {
      throw new RangeError(`train: "${name}" must come with an "evalDataset", got none`);
    }
  }
}

function checkRecords({
  train,
  loraRank,
  reportTo = "none",
  loggingDir,
  outputDir,
  ...rest
}: TrainOptions): void {
  if (train !== undefined && train !== "lora" && train !== "full") {
    throw new RangeError(`train: "train" must be "lora" or "full", got ${describe(train)}`);
  }
  if (train === "full" && loraRank !== undefined) {
    throw new RangeError(
      `train: "loraRank" must not be given where "train" is "full", got ${describe(loraRank)}`,
    );
  }
  if (reportTo !== "none" && reportTo !== "tensorboard") {
    throw new RangeError(`train: "reportTo" must be "none" or "tensorboard", got ${describe(reportTo)}`);
  }
  if (reportTo === "tensorboard" && (loggingDir ?? outputDir) === undefined) {
    throw new RangeError('train: "reportTo" must come with "loggingDir" or "outputDir", got neither');
  }
  if (rest.resumeFromCheckpoint === true && outputDir === undefined) {
    throw new RangeError(
      'train: "resumeFromCheckpoint" must be a folder where "outputDir" is not given, got true',
    );
  }
}
