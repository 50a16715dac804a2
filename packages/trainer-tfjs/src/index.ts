export { accumulateGradients, type GradientSum } from "./accumulate.ts";
export { type AdamW, type AdamWOptions, type AdamWState, adamw, type NamedArrays } from "./adamw.ts";
export { clipByGlobalNorm, globalNorm } from "./clip.ts";
export { type EvaluateOptions, evaluate, evaluateExactMatch } from "./evaluate.ts";
export { type AnswerOptions, evaluateAnswers, lastNumber } from "./evaluate-answers.ts";
export { type PeakBytes, trackPeakBytes } from "./peak-bytes.ts";
export { type PoolGradientsOptions, poolGradients } from "./pool-gradients.ts";
export { constantSchedule, linearSchedule, type Schedule, type ScheduleOptions } from "./schedule.ts";
export { type SelectionStepOptions, selectionStep } from "./selection-step.ts";
export type { Evaluation, SourceMean } from "./summarize.ts";
export { type RunSettings, type TrainRun, train } from "./train.ts";
export type {
  CheckpointEvent,
  EndEvent,
  EndReason,
  EvaluateEvent,
  SelectionInfo,
  StepEvent,
  StepSeconds,
  TrainEvent,
  TrainResult,
} from "./train-events.ts";
export type { LoraOptions, SelectionSettings, TrainOptions } from "./train-options.ts";
export { type TrainingPass, type TrainingPassOptions, trainingPass } from "./training-pass.ts";
export { type TrainingSources, trainingSources } from "./training-sources.ts";
