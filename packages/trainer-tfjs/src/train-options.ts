import type { Example, ListOf } from "@colm/data";
import type { CausalLM } from "@colm/lm-tfjs";
import type { TrainerCallback } from "./callbacks.ts";
import type { ClusterSettings } from "./cluster-settings.ts";
import type { OptimizerSettings } from "./make-optimizer.ts";
import type { ScheduleSettings } from "./make-schedule.ts";
import type { MethodName, SelectionSettings } from "./selection-settings.ts";
import type { EventSink } from "./sinks.ts";
import type { LossNormalization } from "./training-pass.ts";

/** A LoRA adapter to be added before training. */
export interface LoraOptions {
  /** Rank, at least 1. */
  readonly loraRank?: number | undefined;
  /** Numerator of the scale `alpha / rank`. Default 4 times the rank, as in the paper. */
  readonly loraAlpha?: number | undefined;
  /** Share of the inputs of A that fall out in training, in [0, 1). Default 0. */
  readonly loraDropout?: number | undefined;
  /** Whether the scale is `alpha / sqrt(rank)` instead. Default false. */
  readonly useRslora?: boolean | undefined;
  /**
   * Names of the linear maps, or `["all-linear"]`. Default, as in the paper: q_proj, k_proj, v_proj and o_proj; in Phi q_proj,
   * k_proj, v_proj, fc1 and fc2; what PEFT adapts where queries, keys and values are one map.
   */
  readonly loraTargetModules?: readonly string[] | undefined;
}

/** Settings of the pool, the budget and how a batch is cut. */
export interface BatchSettings {
  /** Examples drawn each step, in [budget, examples]. Default 128. */
  readonly pool?: number | undefined;
  /** Examples trained on each step, at least 1. Default 64, or what the two settings below multiply to. */
  readonly budget?: number | undefined;
  /** Examples in one forward and backward pass; the rest accumulates. Default 16. */
  readonly perDeviceTrainBatchSize?: number | undefined;
  /** Micro-batches of a step, at least 1: with a budget, another way to say `perDeviceTrainBatchSize`. */
  readonly gradientAccumulationSteps?: number | undefined;
  /** What the loss of a batch is a mean over: `"examples"` (default), or `"tokens"` with a label. Where no token has one it is 0. */
  readonly lossNormalization?: LossNormalization | undefined;
  /** Keep block inputs alone and run each block again on the way back: less memory, a second forward pass. Default false. */
  readonly gradientCheckpointing?: boolean | undefined;
  /** Largest global gradient norm; 0 clips nothing. Default 1. */
  readonly maxGradNorm?: number | undefined;
}

/** Settings of how long a run goes on. */
export interface LengthSettings {
  /** Updates of the whole run, at least 1. Default: one pass over the data. */
  readonly maxSteps?: number | undefined;
  /** Passes over the data when `maxSteps` is not given, above 0. Default 1. */
  readonly numTrainEpochs?: number | undefined;
  /** Time after which this call stops as if by its signal: minutes, or a text such as `"90 s"` or `"2 hours"`. Default none. */
  readonly maxMinutes?: number | string | undefined;
  /** Evaluations without a better result after which the run stops, at least 1. Needs `evalDataset`. Default none. */
  readonly earlyStoppingPatience?: number | undefined;
  /** How much better counts as better, at least 0. Default 0. */
  readonly earlyStoppingThreshold?: number | undefined;
  /**
   * What decides, lower being better: the held-out mean `"micro"` (default; `"loss"` and `"eval_loss"` are the same), `"macro"`,
   * `"small"` or `"source:NAME"`, or `"perplexity"`.
   */
  readonly metricForBestModel?: string | undefined;
  /** Give the model the weights of its best evaluation when the run is over. Default false. */
  readonly loadBestModelAtEnd?: boolean | undefined;
}

/** Settings of evaluations, checkpoints and records. */
export interface RecordSettings {
  /** Updates between evaluations; one stands at the end in any case. Default none between. */
  readonly evalSteps?: number | undefined;
  /** Whether to evaluate before the first update. Default false. */
  readonly evalOnStart?: boolean | undefined;
  /** Examples in one forward pass of evaluation. Default 16. */
  readonly perDeviceEvalBatchSize?: number | undefined;
  /** Updates between checkpoints; one stands at the end in any case. Default 500. */
  readonly saveSteps?: number | undefined;
  /** Checkpoints that stay, at least 1: the newest, and the best where `loadBestModelAtEnd` is set. Default all. */
  readonly saveTotalLimit?: number | undefined;
  /**
   * Where checkpoints go, as `checkpoint-N`, and `events.jsonl`; one with checkpoints of another run is refused. Default: nothing is
   * written.
   */
  readonly outputDir?: string | undefined;
  /**
   * A checkpoint folder to go on from, or true for the newest one in `outputDir`. Data, base model, adapter, selection, optimizer, schedule
   * and `maxSteps` must be those of the run that wrote it; how it is computed, evaluated, saved and reported may change.
   */
  readonly resumeFromCheckpoint?: string | true | undefined;
  /** Updates between entries of the log in `trainer_state.json` and calls of `onLog`. Default 10. */
  readonly loggingSteps?: number | undefined;
  /** `"tensorboard"` writes event files to `loggingDir`. Default `"none"`. */
  readonly reportTo?: "none" | "tensorboard" | undefined;
  /** Default `runs` in `outputDir`. */
  readonly loggingDir?: string | undefined;
}

/** The settings of a run that are plain values. */
export interface TrainSettings
  extends LoraOptions,
    BatchSettings,
    LengthSettings,
    RecordSettings,
    OptimizerSettings,
    ScheduleSettings {
  /**
   * What is trained: `"lora"`, the adapter alone, `"full"`, every weight, without an adapter. Default: what is trainable in the
   * model, and the adapter that `loraRank` adds.
   */
  readonly train?: "lora" | "full" | undefined;
  /** Who chooses them. Default `"colm"` in official mode. */
  readonly method?: MethodName | undefined;
  /** Names of the small sources. Default: those below the mean size. */
  readonly smallSources?: readonly string[] | undefined;
  readonly selection?: SelectionSettings | undefined;
  /** Sources by clustering hidden states, instead of those that the examples name. Default none. */
  readonly clusterSources?: ClusterSettings | undefined;
  /** Refuses to begin when the predicted peak is above: bytes, or a text such as `"4 GiB"`. Default no limit. */
  readonly maxMemory?: number | string | undefined;
  /**
   * Worker threads that do micro-batches of training, selection and evaluation side by side, each on a model of its own: the same bits
   * whatever their number. Node.js on the back ends wasm and cpu; not with `selection.reuse` or remembered features. Default 0: none.
   */
  readonly workers?: number | undefined;
  /** Seed of data order, perturbation and adapter. Default 42. */
  readonly seed?: number | undefined;
}

/** Settings of a training run, in Hugging Face's vocabulary where it has a word. */
export interface TrainOptions extends TrainSettings {
  /** Changed by training: its trainable parameters, and an adapter is added when `loraRank` is given. */
  readonly model: CausalLM;
  /**
   * Examples in an array, or in a list that is read on demand, such as `pack` makes. Each must fit the model: 1 to as many tokens as it has
   * positions, ids of its vocabulary, a label for each. Read, never modified.
   */
  readonly trainDataset: ListOf<Example>;
  /** Held-out examples for `evaluate` events. Default none. */
  readonly evalDataset?: ListOf<Example> | undefined;
  /** Called at the points of a run, in order. Default none. */
  readonly callbacks?: readonly TrainerCallback[] | undefined;
  /** Where events go beside the iteration: functions, or sinks. Default none. */
  readonly sinks?: readonly EventSink[] | undefined;
  /** Stops the run: what is done is saved, and the run says so. */
  readonly signal?: AbortSignal | undefined;
  /** Clock in milliseconds for the measured seconds. Default `performance.now`. */
  readonly now?: (() => number) | undefined;
}
