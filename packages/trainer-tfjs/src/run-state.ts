import type { SelectorState } from "@colm/coreset";
import type { OptimizerState } from "./optimizer.ts";
import type { BestEvaluation } from "./train-events.ts";

/** Everything that lives from update to update, beside the data's order: plain values. */
export interface RunState {
  /** Updates made so far; the next pool is the one of this number. */
  readonly step: number;
  /** Values of the trainable parameters. Read-only. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
  readonly optimizer: OptimizerState;
  readonly selector: SelectorState;
  readonly progress: RunProgress;
  /** Whether the evaluation at this step is still to be made: a run that is stopped before it leaves it to the one that goes on. */
  readonly due: boolean;
  /** The source of each training example by clustering, and the step it was made at; absent without `clusterSources`. */
  readonly clusters?: ClusterState;
}

/** How a run has gone so far. */
export interface RunProgress {
  /** The best evaluation so far; null before there is one, or where nobody asks. */
  readonly best: BestEvaluation | null;
  /** Evaluations since then. */
  readonly waited: number;
  readonly log: readonly LogEntry[];
}

/** One entry of the log; keys as in Hugging Face's `log_history`. */
export type LogEntry = Readonly<Record<string, number>>;

/** Sources made by clustering. */
export interface ClusterState {
  /** Updates made before. */
  readonly step: number;
  readonly labels: Int32Array;
}

/** What must be the same when a run is resumed. */
export interface RunIdentity {
  readonly seed: number;
  readonly pool: number;
  readonly budget: number;
  readonly method: string;
  readonly maxSteps: number;
  /** Number of training examples. */
  readonly examples: number;
  readonly optim: string;
  /** The selection's settings as JSON. */
  readonly selection: string;
  /** Names of the small sources as JSON. */
  readonly smallSources: string;
  readonly learningRate: number;
  readonly lrSchedulerType: string;
  readonly warmupSteps: number;
  readonly lossNormalization: string;
  /** 0 where nothing is clipped. */
  readonly maxGradNorm: number;
  readonly weightDecay: number;
  /** As JSON. */
  readonly parameterGroups: string;
  readonly adamBeta1: number | null;
  readonly adamBeta2: number | null;
  readonly adamEpsilon: number | null;
  readonly momentum: number;
  /** Of the adapter that is trained; null without one. */
  readonly loraRank: number | null;
  readonly loraAlpha: number | null;
  readonly loraDropout: number | null;
  readonly useRslora: boolean;
  /** A checksum of the frozen weights. */
  readonly model: string;
}
