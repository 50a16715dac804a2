import type { KeepRandomOptions, OfficialOptions } from "@colm/coreset";
import type { Example } from "@colm/data";
import type { CausalLM } from "@colm/lm-tfjs";

/** How examples are chosen, beyond pool, budget and method; defaults are those of the reference. */
export interface SelectionSettings {
  /** Who stays when a pool brings more examples of small sources than the budget. Default `"truncate"`. */
  readonly overflow?: KeepRandomOptions["sources"]["overflow"];
  /** Shares of the big sources. Default proportional, rounded down. */
  readonly quotas?: NonNullable<OfficialOptions["sources"]>["quotas"];
  /** Constants of Adam space, or false for plain gradients. */
  readonly adam?: OfficialOptions["adam"];
  /** Coordinates kept for each source. */
  readonly keep?: number;
  /** How features are compared. Default `"l1"`. */
  readonly metric?: OfficialOptions["metric"];
  /** Weights of the chosen examples in training. Default `"uniform"`. */
  readonly weighting?: OfficialOptions["weighting"];
  /** Half the distance of the two zeroth-order evaluations. Default 1e-3. */
  readonly epsilon?: number;
  /** Perturbation directions. Default 1. */
  readonly directions?: number;
  /** Whether each step draws directions of its own. Default false: one direction for the whole run. */
  readonly fresh?: boolean;
}

/** A LoRA adapter to be added before training. */
export interface LoraOptions {
  /** Rank, at least 1. */
  readonly loraRank?: number | undefined;
  /** Numerator of the scale `alpha / rank`. Default 4 times the rank, as in the paper. */
  readonly loraAlpha?: number | undefined;
  /** Names of the linear maps. Default q_proj, k_proj, v_proj and o_proj. */
  readonly loraTargetModules?: readonly string[] | undefined;
}

/** Settings of a training run, in Hugging Face's vocabulary where it has a word. */
export interface TrainOptions extends LoraOptions {
  /** Changed by training: its trainable parameters, and an adapter is added when `loraRank` is given. */
  readonly model: CausalLM;
  /** Read, never modified. */
  readonly trainDataset: readonly Example[];
  /** Held-out examples for `evaluate` events. Default none. */
  readonly evalDataset?: readonly Example[] | undefined;

  /** Examples drawn each step, in [budget, examples]. Default 128. */
  readonly pool?: number | undefined;
  /** Examples trained on each step, at least 1. Default 64. */
  readonly budget?: number | undefined;
  /** Who chooses them. Default `"colm"` in official mode. */
  readonly method?: "colm" | "random" | "keep-random" | undefined;
  /** Names of the small sources. Default: those below the mean size. */
  readonly smallSources?: readonly string[] | undefined;
  readonly selection?: SelectionSettings | undefined;

  /** Updates of the whole run, at least 1. Default: one pass over the data. */
  readonly maxSteps?: number | undefined;
  /** Passes over the data when `maxSteps` is not given, above 0. Default 1. */
  readonly numTrainEpochs?: number | undefined;
  /** Peak learning rate. Default 2e-4. */
  readonly learningRate?: number | undefined;
  /** Default `"linear"`: linear decay to 0 after the warm-up. */
  readonly lrSchedulerType?: "linear" | "constant" | undefined;
  /** Share of the run that is warm-up, in [0, 1]. Default 0.03. */
  readonly warmupRatio?: number | undefined;
  /** Updates of warm-up, instead of `warmupRatio`. */
  readonly warmupSteps?: number | undefined;
  /** Decoupled weight decay. Default 0. */
  readonly weightDecay?: number | undefined;
  readonly adamBeta1?: number | undefined;
  readonly adamBeta2?: number | undefined;
  readonly adamEpsilon?: number | undefined;
  /** Largest global gradient norm. Default 1. */
  readonly maxGradNorm?: number | undefined;
  /** Examples in one forward and backward pass; the rest accumulates. Default 16. */
  readonly perDeviceTrainBatchSize?: number | undefined;
  /** Keep block inputs alone and run each block again on the way back: less memory, a second forward pass. Default false. */
  readonly gradientCheckpointing?: boolean | undefined;
  /** Examples in one forward pass of evaluation. Default 16. */
  readonly perDeviceEvalBatchSize?: number | undefined;
  /** Seed of data order, perturbation and adapter. Default 42. */
  readonly seed?: number | undefined;

  /** Updates between evaluations; one stands at the end in any case. Default none between. */
  readonly evalSteps?: number | undefined;
  /** Updates between checkpoints; one stands at the end in any case. Default 500. */
  readonly saveSteps?: number | undefined;
  /** Where checkpoints go, as `checkpoint-N`. Default: none are written. */
  readonly outputDir?: string | undefined;
  /** A checkpoint folder to go on from; the other settings must be those of the run that wrote it. */
  readonly resumeFromCheckpoint?: string | undefined;
  /** Stops the run: what is done is saved, and the run says so. */
  readonly signal?: AbortSignal | undefined;
  /** Clock in milliseconds for the measured seconds. Default `performance.now`. */
  readonly now?: (() => number) | undefined;
}
