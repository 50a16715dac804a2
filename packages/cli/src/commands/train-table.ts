import { commonOptions } from "../common-options.ts";
import { dataOptions } from "../data-options.ts";
import { modelOptions } from "../open-model.ts";
import type { OptionTable } from "../option-table.ts";
import {
  adamNames,
  featureKinds,
  kernelModes,
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

/** What a list of names is in a config file. */
const list = { value: "A,B", kind: "list" } as const;
const integer = { value: "N", kind: "integer" } as const;
const number = { value: "X", kind: "number" } as const;

const selectionOptions: OptionTable = {
  pool: { ...integer, section: "Selection", help: "examples drawn each step (default 128)" },
  budget: { ...integer, help: "examples of the pool trained on (default 64)" },
  method: {
    value: "NAME",
    help: "who chooses them: colm (default), random, keep-random, or another of those above",
    choices: methods,
  },
  mode: { value: "NAME", choices: modes, help: "of colm: official (default) or default" },
  features: {
    value: "NAME",
    choices: featureKinds,
    help: "compare by static, remembered, last-block, last-value, spsa",
  },
  every: { ...integer, help: "choose by the method every N steps, by keep-random in between (default 1)" },
  reuse: { help: "train from the block inputs that the selection pass computed" },
  "small-sources": { ...list, help: "sources always kept (default: those below the mean size)" },
  boundary: {
    value: "RULE",
    help: "small is below: mean (default), median, quantile, share, or quantile:X, share:X",
  },
  mass: {
    value: "X",
    kind: "scalar",
    help: "share of the batch that small sources have (default all: every example kept)",
  },
  overflow: {
    value: "RULE",
    choices: overflows,
    help: "kept beyond the budget: truncate (default), random, proportional",
  },
  metric: { value: "NAME", choices: metrics, help: "how features are compared: l1, l2, cosine, dot" },
  weighting: {
    value: "NAME",
    choices: weightings,
    help: "weights in training: uniform, cluster, matching",
  },
  target: {
    value: "NAME",
    choices: targets,
    help: "mean to match: up-weighted (default) or plain",
  },
  quotas: {
    value: "NAME",
    choices: quotaNames,
    help: "shares of the big sources: proportional, balanced, equal, none",
  },
  adam: {
    value: "SWITCH",
    choices: adamNames,
    help: "compare gradients in Adam space: on, off (default: the mode's own)",
  },
  keep: { ...integer, help: "coordinates kept of each feature (default: hidden size if official, else all)" },
  "no-swaps": { help: "herding without the swaps that follow it" },
  remember: {
    value: "NAME",
    choices: remembered,
    help: "gradients remembered: last-value (default), last-block",
  },
  sketch: {
    value: "N",
    kind: "scalar",
    help: "numbers that last-block gradients are brought to, or none (default 1024)",
  },
  kernels: {
    value: "MODE",
    choices: kernelModes,
    help: "compare by gpu.js: auto, webgpu, webgl2, webasm, cpu (default: not)",
  },
  directions: { ...integer, help: "zeroth-order directions (default 1)" },
  fresh: { help: "new directions each step" },
  epsilon: { ...number, help: "half the distance of zeroth-order evaluations (default 1e-3)" },
  "check-features": {
    ...integer,
    help: "every N steps, features and choice beside those of exact gradients",
  },
  clusters: {
    value: "N",
    kind: "scalar",
    help: "sources by clusters of hidden states: their number, or auto",
  },
  "cluster-layer": { ...integer, help: "hidden state that is clustered (default the last)" },
  "cluster-refresh-steps": {
    ...integer,
    help: "updates between clusterings (default: one, before the first)",
  },
};

const lengthOptions: OptionTable = {
  "max-steps": { ...integer, section: "Length", help: "updates (default: one pass over the data)" },
  "num-train-epochs": { ...number, help: "passes over the data, instead (default 1)" },
  "max-minutes": { value: "X", kind: "scalar", help: 'stop after this time: minutes, or "90 s", "2 hours"' },
  "early-stopping-patience": { ...integer, help: "stop after N evaluations without a better one" },
  "early-stopping-threshold": { ...number, help: "how much better counts as better (default 0)" },
  "metric-for-best-model": { value: "NAME", help: "micro (default), macro, small, source:NAME" },
  "load-best-model-at-end": { help: "end with the weights of the best evaluation" },
};

const optimizerOptions: OptionTable = {
  "learning-rate": { ...number, section: "Optimizer", help: "peak learning rate (default 2e-4)" },
  "lr-scheduler-type": {
    value: "NAME",
    help: "linear (default), cosine, constant, or an expression in step, steps, epoch",
  },
  "warmup-ratio": { ...number, help: "share of the run that is warm-up (default 0.03)" },
  "warmup-steps": { ...integer, help: "updates of warm-up, instead" },
  optim: {
    value: "NAME",
    choices: optimizers,
    help: "adamw (default), adam, sgd, lion",
  },
  "weight-decay": { ...number, help: "decoupled weight decay (default 0)" },
  "adam-beta1": { ...number, help: "decay of the first moment (default 0.9)" },
  "adam-beta2": { ...number, help: "decay of the second moment (default 0.999; lion 0.99)" },
  "adam-epsilon": { ...number, help: "added to the root of the second moment (default 1e-8)" },
  momentum: { ...number, help: "of sgd (default 0)" },
  "max-grad-norm": { ...number, help: "largest gradient norm; 0 clips nothing (default 1)" },
  "loss-normalization": {
    value: "NAME",
    choices: normalizations,
    help: "the loss is a mean over examples (default) or tokens",
  },
};

const adapterOptions: OptionTable = {
  "lora-rank": {
    ...integer,
    section: "What is trained",
    help: "rank of the adapter that is trained (default 16)",
  },
  "lora-alpha": { ...number, help: "its scale is alpha / rank (default 4 times the rank)" },
  "lora-dropout": { ...number, help: "share of its inputs that fall out in training (default 0)" },
  "use-rslora": { help: "scale alpha / sqrt(rank) instead" },
  "lora-target-modules": { ...list, help: "maps that get it, or all-linear (default: those of the paper)" },
  full: { help: "train every weight instead of an adapter" },
  "from-scratch": {
    help: "train every weight from fresh draws; implies --packing on",
  },
};

const memoryOptions: OptionTable = {
  memory: {
    value: "SIZE",
    section: "Memory",
    help: "choose micro-batch, checkpointing and pool to fit, e.g. 8GB",
  },
  "per-device-train-batch-size": {
    ...integer,
    help: "examples in one forward and backward pass (default 16)",
  },
  "gradient-accumulation-steps": { ...integer, help: "micro-batches of a step, instead" },
  "gradient-checkpointing": { help: "run each block again on the way back: less memory, more time" },
  workers: {
    ...integer,
    help: "threads that do micro-batches side by side, each with a model of its own (default 0)",
  },
};

const recordOptions: OptionTable = {
  "per-device-eval-batch-size": {
    ...integer,
    section: "Evaluation and files",
    help: "examples in one forward pass of evaluation (default 16)",
  },
  "eval-steps": { ...integer, help: "updates between evaluations (default: at the end only)" },
  "save-steps": { ...integer, help: "updates between checkpoints (default 500, and at the end)" },
  "save-total-limit": { ...integer, help: "checkpoints that stay (default all)" },
  "logging-steps": { ...integer, help: "updates between entries of the checkpoints' log (default 10)" },
  "report-to": { value: "NAME", choices: sinks, help: "none (default) or tensorboard" },
  "logging-dir": { value: "DIR", help: "where its files go (default runs in the run's folder)" },
  seed: { ...integer, help: "seed of data order, perturbation and adapter (default 42)" },
  output: { value: "DIR", help: "folder of the run (default runs/METHOD-BUDGET-of-POOL)" },
  resume: { value: "DIR", help: "go on with the run in this folder, with its settings" },
  config: { value: "FILE", help: "settings from a JSON file; the command line counts where both have one" },
};

/** Options of `colm train`. */
export const trainTable: OptionTable = {
  ...modelOptions,
  data: {
    value: "FILES",
    kind: "list",
    help: "training rows: JSON Lines (.gz too), Parquet, text, hf://datasets/owner/name",
  },
  "data-weights": {
    value: "X,Y",
    kind: "list",
    help: "share of each of several files (default: their sizes)",
  },
  validation: {
    value: "FILES",
    kind: "list",
    help: "held-out rows for the losses and accuracies of the final table",
  },
  ...dataOptions,
  ...selectionOptions,
  ...lengthOptions,
  ...optimizerOptions,
  ...adapterOptions,
  ...memoryOptions,
  ...recordOptions,
  ...commonOptions,
};
