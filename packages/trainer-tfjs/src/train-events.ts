import type { Diagnostics } from "@colm/coreset";
import type { Evaluation } from "./summarize.ts";

/** Seconds of one update by stage. */
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
  /** The most bytes that tensors held at one moment of the update, weights included. */
  readonly peakBytes: number;
}

/** The held-out set was evaluated. */
export interface EvaluateEvent {
  readonly type: "evaluate";
  readonly step: number;
  readonly evaluation: Evaluation;
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

/** `finished`: all steps were made; `stopped`: the signal was aborted; `abandoned`: the consumer stopped reading. */
export type EndReason = "finished" | "stopped" | "abandoned";

/** What a training run tells while it goes on. */
export type TrainEvent = StepEvent | EvaluateEvent | CheckpointEvent | EndEvent;

/** How a run ended. */
export interface TrainResult {
  /** Updates made. */
  readonly step: number;
  readonly reason: EndReason;
}
