import type { LogEntry, RunProgress } from "./run-state.ts";
import type { CheckpointEvent, EndEvent, EvaluateEvent, SelectionInfo, StepEvent } from "./train-events.ts";

/** Where a run is; Hugging Face's `TrainerState`. */
export interface TrainerState extends RunProgress {
  /** Updates made so far. */
  readonly globalStep: number;
  readonly maxSteps: number;
  /** Passes over the data so far, a fraction. */
  readonly epoch: number;
}

/** What a callback may ask for; Hugging Face's `TrainerControl`. What is left out stays as it is. */
export interface TrainerControl {
  /** Stop before the next update. */
  readonly shouldTrainingStop?: boolean;
  /** Save a checkpoint after this update. */
  readonly shouldSave?: boolean;
  /** Evaluate after this update. */
  readonly shouldEvaluate?: boolean;
}

/** What a callback returns: nothing, or what it asks for. */
export type CallbackAnswer = TrainerControl | undefined | Promise<TrainerControl | undefined>;

/** The gradient of an update, before clipping. */
export interface GradientInfo {
  readonly loss: number;
  readonly gradientNorm: number;
  readonly learningRate: number;
}

/** Functions called at the points of a run, each waited for; names and order are those of Hugging Face's `TrainerCallback`. */
export interface TrainerCallback {
  /** The run is prepared: adapter added, checkpoint restored. */
  onInitEnd?(state: TrainerState): CallbackAnswer;
  onTrainBegin?(state: TrainerState): CallbackAnswer;
  onEpochBegin?(state: TrainerState): CallbackAnswer;
  onStepBegin?(state: TrainerState): CallbackAnswer;
  /** The examples of this update are chosen; this project's own. */
  onSelect?(state: TrainerState, selection: SelectionInfo): CallbackAnswer;
  /** A micro-batch of the training step is done; not called for the last one. */
  onSubstepEnd?(state: TrainerState): CallbackAnswer;
  onPreOptimizerStep?(state: TrainerState, gradient: GradientInfo): CallbackAnswer;
  /** The new parameters are in the model. */
  onOptimizerStep?(state: TrainerState): CallbackAnswer;
  onStepEnd?(state: TrainerState, event: StepEvent): CallbackAnswer;
  /** Every `loggingSteps` updates and after each evaluation. */
  onLog?(state: TrainerState, entry: LogEntry): CallbackAnswer;
  onEvaluate?(state: TrainerState, event: EvaluateEvent): CallbackAnswer;
  onSave?(state: TrainerState, event: CheckpointEvent): CallbackAnswer;
  onEpochEnd?(state: TrainerState): CallbackAnswer;
  onTrainEnd?(state: TrainerState, event: EndEvent): CallbackAnswer;
}

/** Calls something of each callback in order and merges what they ask for: what one asks for, no other takes back. */
export async function askCallbacks(
  callbacks: readonly TrainerCallback[],
  call: (callback: TrainerCallback) => CallbackAnswer,
): Promise<Required<TrainerControl>> {
  let asked = { shouldTrainingStop: false, shouldSave: false, shouldEvaluate: false };
  for (const callback of callbacks) {
    const answer = await call(callback);
    if (!answer) continue;
    asked = {
      shouldTrainingStop: asked.shouldTrainingStop || answer.shouldTrainingStop === true,
      shouldSave: asked.shouldSave || answer.shouldSave === true,
      shouldEvaluate: asked.shouldEvaluate || answer.shouldEvaluate === true,
    };
  }
  return asked;
}
