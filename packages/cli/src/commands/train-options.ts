import type { TrainOptions } from "@colm/trainer-tfjs";
import { dataOptions } from "../data-options.ts";
import { inputError } from "../input-error.ts";
import { modelOptions } from "../open-model.ts";
import { type Options, type OptionTable, optionHelp } from "../option-table.ts";

/** Options of `colm train`. */
export const trainTable: OptionTable = {
  ...modelOptions,
  data: { value: "FILE", help: "training rows, JSON Lines (.jsonl, .jsonl.gz)" },
  validation: { value: "FILE", help: "held-out rows for the losses and accuracies of the final table" },
  ...dataOptions,
  pool: { value: "N", help: "examples drawn each step (default 128)" },
  budget: { value: "N", help: "examples of the pool trained on (default 64)" },
  method: { value: "NAME", help: "who chooses them: colm (default), random, keep-random" },
  "small-sources": { value: "A,B", help: "sources always kept (default: those below the mean size)" },
  overflow: { value: "RULE", help: "kept beyond the budget: truncate (default), random, proportional" },
  "max-steps": { value: "N", help: "updates (default: one pass over the data)" },
  "num-train-epochs": {
    value: "X",
    help: "passes over the data, where --max-steps is not given (default 1)",
  },
  "learning-rate": { value: "X", help: "peak learning rate (default 2e-4)" },
  "lr-scheduler-type": { value: "NAME", help: "linear (default) or constant, both after the warm-up" },
  "warmup-ratio": { value: "X", help: "share of the run that is warm-up (default 0.03)" },
  "weight-decay": { value: "X", help: "decoupled weight decay (default 0)" },
  "max-grad-norm": { value: "X", help: "largest gradient norm (default 1)" },
  "lora-rank": { value: "N", help: "rank of the adapter that is trained (default 16)" },
  "lora-alpha": { value: "X", help: "its scale is alpha / rank (default 4 times the rank)" },
  "lora-target-modules": { value: "A,B", help: "maps that get it (default q_proj,k_proj,v_proj,o_proj)" },
  full: { help: "train every weight instead of an adapter (methods random and keep-random)" },
  "per-device-train-batch-size": {
    value: "N",
    help: "examples in one forward and backward pass (default 16)",
  },
  "gradient-checkpointing": { help: "run each block again on the way back: less memory, more time" },
  "per-device-eval-batch-size": {
    value: "N",
    help: "examples in one forward pass of evaluation (default 16)",
  },
  "eval-steps": { value: "N", help: "updates between evaluations (default: at the end only)" },
  "save-steps": { value: "N", help: "updates between checkpoints (default 500, and at the end)" },
  seed: { value: "N", help: "seed of data order, perturbation and adapter (default 42)" },
  output: { value: "DIR", help: "folder of the run (default runs/METHOD-BUDGET-of-POOL)" },
  resume: { value: "DIR", help: "go on with the run in this folder, with its settings" },
};

/** The text of `colm train --help`. */
export const trainHelp: string = `colm train: fine-tune a language model on mini-batch coresets

  colm train --model DIR --data FILE.jsonl [options]
  colm train --resume runs/NAME

Rows: { instruction, output, source }, { prompt, completion, source } or { text, source }.
Ctrl-C once saves a checkpoint and stops; twice stops at once.

${optionHelp(trainTable)}

Examples:
  colm train --model llama --data train.jsonl --validation held-out.jsonl --pool 128 --budget 64
  colm train --model llama --data train.jsonl --method keep-random --max-steps 200 --output runs/control
  colm train --resume runs/control
`;

/** The settings of the trainer that the options give; what is not given has the trainer's own default. */
export function trainerSettings(options: Options): Omit<TrainOptions, "model" | "trainDataset"> {
  const full = options.flag("full");
  for (const name of ["adapter", "lora-rank", "lora-alpha", "lora-target-modules"]) {
    if (full && options.text(name) !== undefined) {
      throw inputError(`--full trains every weight: leave out --${name}`);
    }
  }
  const adapted = full || options.text("adapter") !== undefined;
  return {
    pool: options.number("pool"),
    budget: options.number("budget"),
    method: options.choice("method", ["colm", "random", "keep-random"]),
    smallSources: options.list("small-sources"),
    selection: selectionOf(options),
    maxSteps: options.number("max-steps"),
    numTrainEpochs: options.number("num-train-epochs"),
    learningRate: options.number("learning-rate"),
    lrSchedulerType: options.choice("lr-scheduler-type", ["linear", "constant"]),
    warmupRatio: options.number("warmup-ratio"),
    weightDecay: options.number("weight-decay"),
    maxGradNorm: options.number("max-grad-norm"),
    loraRank: adapted ? undefined : (options.number("lora-rank") ?? 16),
    loraAlpha: options.number("lora-alpha"),
    loraTargetModules: options.list("lora-target-modules"),
    perDeviceTrainBatchSize: options.number("per-device-train-batch-size"),
    gradientCheckpointing: options.flag("gradient-checkpointing"),
    perDeviceEvalBatchSize: options.number("per-device-eval-batch-size"),
    evalSteps: options.number("eval-steps"),
    saveSteps: options.number("save-steps"),
    seed: options.number("seed"),
  };
}

function selectionOf(options: Options): NonNullable<TrainOptions["selection"]> {
  const overflow = options.choice("overflow", ["truncate", "random", "proportional"]);
  return overflow === undefined ? {} : { overflow };
}
