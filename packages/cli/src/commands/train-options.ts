import type { SelectionSettings, TrainSettings } from "@colm/trainer-tfjs";
import { inputError } from "../input-error.ts";
import { type Options, optionHelp } from "../option-table.ts";
import {
  adamNames,
  featureKinds,
  methods,
  metrics,
  modes,
  normalizations,
  optimizers,
  overflows,
  quotaNames,
  remembered,
  sinks,
  targets,
  weightings,
} from "./train-choices.ts";
import { trainTable } from "./train-table.ts";

/** The text of `colm train --help`. */
export const trainHelp: string = `colm train: fine-tune or pre-train a language model on mini-batch coresets

  colm train --model DIR --data FILES [options]
  colm train --model DIR --from-scratch --data FILES [options]
  colm train --config FILE.json [options]
  colm train --resume runs/NAME

Rows: { instruction, output, source }, { prompt, completion, source }, { messages, source } (with the model's own chat
template) or { text, source }. Several files are separated by commas.
Methods: ${methods.slice(0, 8).join(", ")},
${methods.slice(8).join(", ")}.
--from-scratch takes configuration and tokenizer of --model alone, draws the weights from --seed, trains all of them on
packed texts (chunks of --max-length tokens), and writes a whole model folder.
A config file holds the same options as { "max_steps": 100, ... }; names with dashes, underscores or in camelCase.
Its schema: @colm/cli/schema/train.json. Ctrl-C once saves a checkpoint and stops; twice stops at once.
An option that would change nothing beside the others is refused. A run has a folder of its own.

${optionHelp(trainTable)}

Examples:
  colm train --model llama --data train.jsonl --validation held-out.jsonl --pool 128 --budget 64
  colm train --model llama --data train.jsonl --method keep-random --max-steps 200 --output runs/control
  colm train --model llama --from-scratch --data books.jsonl,laws.txt --source-from file --max-length 256
  colm train --config train.json --seed 2
  colm train --resume runs/control
`;

/** The settings of the trainer that the options give; what is not given has the trainer's own default. */
export function trainerSettings(options: Options): TrainSettings {
  const fresh = options.flag("from-scratch");
  const full = fresh || options.flag("full");
  const adapting = [
    "adapter",
    "lora-rank",
    "lora-alpha",
    "lora-dropout",
    "lora-target-modules",
    "use-rslora",
  ];
  for (const name of adapting) {
    if (full && (options.flag(name) || options.text(name) !== undefined)) {
      throw inputError(`--${fresh ? "from-scratch" : "full"} trains every weight: leave out --${name}`);
    }
  }
  const adapted = full || options.text("adapter") !== undefined;
  return {
    pool: options.number("pool"),
    budget: options.number("budget"),
    method: options.choice("method", methods),
    smallSources: options.list("small-sources"),
    selection: selectionOf(options),
    clusterSources: clustersOf(options),
    maxSteps: options.number("max-steps"),
    numTrainEpochs: options.number("num-train-epochs"),
    maxMinutes: timeOf(options),
    earlyStoppingPatience: options.number("early-stopping-patience"),
    earlyStoppingThreshold: options.number("early-stopping-threshold"),
    metricForBestModel: options.text("metric-for-best-model"),
    loadBestModelAtEnd: options.flag("load-best-model-at-end"),
    learningRate: options.number("learning-rate"),
    lrSchedulerType: options.text("lr-scheduler-type"),
    warmupRatio: options.number("warmup-ratio"),
    warmupSteps: options.number("warmup-steps"),
    optim: options.choice("optim", optimizers),
    weightDecay: options.number("weight-decay"),
    adamBeta1: options.number("adam-beta1"),
    adamBeta2: options.number("adam-beta2"),
    adamEpsilon: options.number("adam-epsilon"),
    momentum: options.number("momentum"),
    maxGradNorm: options.number("max-grad-norm"),
    lossNormalization: options.choice("loss-normalization", normalizations),
    train: full ? "full" : undefined,
    loraRank: adapted ? undefined : rankOf(options),
    loraAlpha: options.number("lora-alpha"),
    loraDropout: options.number("lora-dropout"),
    useRslora: options.flag("use-rslora") ? true : undefined,
    loraTargetModules: options.list("lora-target-modules"),
    perDeviceTrainBatchSize: options.number("per-device-train-batch-size"),
    gradientAccumulationSteps: options.number("gradient-accumulation-steps"),
    gradientCheckpointing: options.flag("gradient-checkpointing"),
    workers: options.number("workers"),
    perDeviceEvalBatchSize: options.number("per-device-eval-batch-size"),
    evalSteps: options.number("eval-steps"),
    saveSteps: options.number("save-steps"),
    saveTotalLimit: options.number("save-total-limit"),
    loggingSteps: options.number("logging-steps"),
    reportTo: options.choice("report-to", sinks),
    loggingDir: options.text("logging-dir"),
    seed: options.number("seed"),
  };
}

function rankOf(options: Options): number {
  const rank = options.number("lora-rank") ?? 16;
  if (Number.isSafeInteger(rank) && rank >= 1) return rank;
  throw inputError(`--lora-rank must be an integer of at least 1, got ${rank}`);
}

function selectionOf(options: Options): SelectionSettings {
  return {
    mode: options.choice("mode", modes),
    features: options.choice("features", featureKinds),
    every: options.number("every"),
    reuse: options.flag("reuse") ? true : undefined,
    overflow: options.choice("overflow", overflows),
    mass: options.text("mass") === "all" ? "all" : options.number("mass"),
    boundary: boundaryOf(options),
    metric: options.choice("metric", metrics),
    weighting: options.choice("weighting", weightings),
    target: options.choice("target", targets),
    quotas: quotasOf(options),
    adam: adamOf(options),
    keep: options.number("keep"),
    swaps: options.flag("no-swaps") ? false : undefined,
    remember: options.choice("remember", remembered),
    sketch: options.text("sketch") === "none" ? false : options.number("sketch"),
    epsilon: options.number("epsilon"),
    directions: options.number("directions"),
    fresh: options.flag("fresh") ? true : undefined,
    checkFeatures: options.number("check-features"),
  };
}

function quotasOf(options: Options): SelectionSettings["quotas"] {
  const strategy = options.choice("quotas", quotaNames);
  if (strategy === "none") return false;
  return strategy === undefined ? undefined : { strategy };
}

/** Adam space with its own constants, or plain gradients. */
function adamOf(options: Options): SelectionSettings["adam"] {
  const given = options.choice("adam", adamNames);
  if (given === undefined) return undefined;
  return given === "on" ? {} : false;
}

/** `mean`, `median`, `quantile`, `share`, the last two with a number behind a colon where one is given. */
function boundaryOf(options: Options): SelectionSettings["boundary"] {
  const text = options.text("boundary");
  if (text === undefined) return undefined;
  const [name, number] = text.split(":", 2);
  const rule = (["mean", "median", "quantile", "share"] as const).find((known) => known === name);
  const value = number === undefined ? undefined : Number(number);
  if (rule === undefined || (number !== undefined && (number.trim() === "" || Number.isNaN(value)))) {
    throw inputError(
      `--boundary must be mean, median, quantile, share, quantile:X or share:X, got "${text}"`,
    );
  }
  return value === undefined ? { rule } : { rule, value };
}

function clustersOf(options: Options): TrainSettings["clusterSources"] {
  const text = options.text("clusters");
  const layer = options.number("cluster-layer");
  const refreshSteps = options.number("cluster-refresh-steps");
  if (text === undefined) {
    const stray = layer !== undefined ? "cluster-layer" : "cluster-refresh-steps";
    if (layer !== undefined || refreshSteps !== undefined)
      throw inputError(`--${stray} must go with --clusters`);
    return undefined;
  }
  const clusters = text === "auto" ? text : options.number("clusters");
  return { clusters: clusters ?? "auto", layer, refreshSteps };
}

/** Minutes as a number, or a text with its unit. */
function timeOf(options: Options): number | string | undefined {
  const text = options.text("max-minutes");
  if (text === undefined || text.trim() === "") return text;
  return Number.isNaN(Number(text)) ? text : Number(text);
}
