import type { Diagnostics } from "@colm/coreset";
import type { FeatureCheck } from "./check-features.ts";
import type { MeasuredAndIdeal } from "./stage-times.ts";
import type { Evaluation } from "./summarize.ts";

/** Seconds of one update by stage; `time` of the event says the same more finely. */
export interface StepSeconds {
  /** The pool's forward pass, its features and the choice; 0 when the method needs none. */
  readonly selection: number;
  /** Forward and backward pass on the chosen examples. */
  readonly training: number;
  /** Clipping, optimizer and writing the parameters back. */
  readonly optimizer: number;
}

/** What the selection of one update did. */
export interface SelectionInfo {
  /** Places in the training set of the examples trained on, in selection order. */
  readonly indices: Int32Array;
  /** Counts of the pool and of the choice, by source number; examples dropped for losses that were not finite. */
  readonly diagnostics: Diagnostics;
  /** Where this update was to be checked and something was compared. Its time is in no stage, its bytes are the selection's. */
  readonly check?: FeatureCheck;
}

/** The most bytes that tensors held at one moment of a stage, weights included; those of the main thread where workers run the passes. */
export interface StageBytes {
  /** Before the update. */
  readonly held: number;
  /** Between selection and training: with reuse, the block inputs of the pool too. */
  readonly kept: number;
  /** The pool's forward pass and its features; what was held before where there was none. */
  readonly selection: number;
  readonly training: number;
}

/** One update was made. */
export interface StepEvent {
  readonly type: "step";
  /** Updates made so far, from 1. */
  readonly step: number;
  readonly steps: number;
  /** Passes over the data so far, a fraction. */
  readonly epoch: number;
  /** Mean loss of the examples trained on, before the update. */
  readonly loss: number;
  readonly learningRate: number;
  /** Global norm of the gradient before clipping. */
  readonly gradientNorm: number;
  /** Tokens learned, of the examples trained on. */
  readonly tokens: number;
  readonly selection: SelectionInfo;
  readonly seconds: StepSeconds;
  /** Seconds by finer stages, measured beside ideal. */
  readonly time: MeasuredAndIdeal;
  /** The most bytes that tensors held at one moment of the update, weights included. */
  readonly peakBytes: number;
  /** The same for its two large stages. */
  readonly stageBytes: StageBytes;
}

/** The held-out set was evaluated. */
export interface EvaluateEvent {
  readonly type: "evaluate";
  readonly step: number;
  readonly evaluation: Evaluation;
  readonly seconds: number;
  /** What the arithmetic of its forward passes would take, without padding, at the best rate so far; null before there is one. */
  readonly idealSeconds: number | null;
}

/** Sources were made by clustering; the selection's counts are by these from now on. Only with `clusterSources`. */
export interface SourcesEvent {
  readonly type: "sources";
  /** Updates made before. */
  readonly step: number;
  /** Examples of each source. */
  readonly counts: Int32Array;
  /** Whether each source is small. */
  readonly small: readonly boolean[];
  /** Adjusted Rand index of the clusters and the sources that the examples name; null where they name but one. */
  readonly agreement: number | null;
  readonly seconds: number;
}

/** A checkpoint stands, complete. */
export interface CheckpointEvent {
  readonly type: "checkpoint";
  readonly step: number;
  readonly folder: string;
}

/** The run is over. */
export interface EndEvent {
  readonly type: "end";
  readonly step: number;
  readonly reason: EndReason;
}

/**
 * `finished`: all steps were made; `stopped`: the signal was aborted or a callback asked for it; `abandoned`: the consumer
 * stopped reading; `early-stopped`: evaluations got no better; `out-of-time`: `maxMinutes` are over.
 */
export type EndReason = "finished" | "stopped" | "abandoned" | "early-stopped" | "out-of-time";

/** What a training run tells while it goes on. */
export type TrainEvent = StepEvent | EvaluateEvent | SourcesEvent | CheckpointEvent | EndEvent;

/** How a run ended. */
export interface TrainResult {
  /** Updates made. */
  readonly step: number;
  readonly reason: EndReason;
  /** The best evaluation, where early stopping or `loadBestModelAtEnd` asks for one. */
  readonly best?: BestEvaluation;
}

/** The evaluation with the lowest metric. */
export interface BestEvaluation {
  readonly step: number;
  readonly metric: number;
}
