export { accumulateGradients, type GradientSum } from "./accumulate.ts";
export { type AdamW, type AdamWOptions, type AdamWState, adam, adamw } from "./adamw.ts";
export type {
  CallbackAnswer,
  GradientInfo,
  TrainerCallback,
  TrainerControl,
  TrainerState,
} from "./callbacks.ts";
export type { FeatureCheck } from "./check-features.ts";
export { clipByGlobalNorm, globalNorm } from "./clip.ts";
export type { ClusterSettings } from "./cluster-settings.ts";
export { type CallbackLogs, type CustomCallbackLike, fromCustomCallback } from "./custom-callback.ts";
export { type EvaluateOptions, evaluate, evaluateExactMatch } from "./evaluate.ts";
export {
  type AnswerEvaluation,
  type AnswerOptions,
  evaluateAnswers,
  type WrittenAnswer,
} from "./evaluate-answers.ts";
export {
  type ChoiceEvaluation,
  type ChoiceOptions,
  type ChosenAnswer,
  evaluateChoices,
} from "./evaluate-choices.ts";
export { boxedAnswer, extractAnswer, lastNumber, phraseAnswer } from "./evaluate-extract-answer.ts";
export { evaluatePerplexity, type LossEvaluation } from "./evaluate-perplexity.ts";
export { type Quantity, quantityOf, sameAnswer } from "./evaluate-same-answer.ts";
export { jsonLines } from "./json-lines.ts";
export type { LayerMemory, LayerType } from "./layer-memory.ts";
export { type LionOptions, type LionState, lion } from "./lion.ts";
export type { OptimizerName, OptimizerSettings } from "./make-optimizer.ts";
export type { ScheduleSettings } from "./make-schedule.ts";
export {
  type ActivationChoice,
  type MemoryBreakdown,
  type MemoryRow,
  memoryBreakdown,
  withMeasured,
} from "./memory-breakdown.ts";
export {
  type BytesPerParameter,
  type MemoryPreset,
  memoryPresets,
  type ParameterMemory,
  presetMemory,
} from "./memory-presets.ts";
export { memoryTable } from "./memory-table.ts";
export type { Moments, NamedArrays, Optimizer, OptimizerState } from "./optimizer.ts";
export type { ParameterGroup } from "./parameter-groups.ts";
export { parseSettings } from "./parse-settings.ts";
export { type PeakBytes, trackPeakBytes } from "./peak-bytes.ts";
export { type PoolGradientsOptions, poolGradients } from "./pool-gradients.ts";
export { adjustedRandIndex } from "./rand-index.ts";
export {
  type ReferenceRow,
  referenceBatchMemory,
  referenceColmMemory,
  referenceHistoryBytes,
  referenceRows,
} from "./reference-memory.ts";
export { methodNames } from "./resolve-selection.ts";
export type { LogEntry, RunProgress } from "./run-state.ts";
export {
  constantSchedule,
  cosineSchedule,
  linearSchedule,
  type Schedule,
  type ScheduleOptions,
} from "./schedule.ts";
export type { MethodName, SelectionSettings } from "./selection-settings.ts";
export { type SelectionStepOptions, selectionStep } from "./selection-step.ts";
export { type SgdOptions, sgd } from "./sgd.ts";
export type { EventSink, OpenSink } from "./sinks.ts";
export { type SolvedMemory, type SolvedSetting, solveMemory } from "./solve-memory.ts";
export type { MeasuredAndIdeal, StageTimes } from "./stage-times.ts";
export { type StepCostOptions, stepCost } from "./step-cost.ts";
export type { Evaluation, SourceMean } from "./summarize.ts";
export { type TensorBoardOptions, tensorBoard } from "./tensor-board.ts";
export { type RunSettings, type TrainRun, train } from "./train.ts";
export type {
  BestEvaluation,
  CheckpointEvent,
  EndEvent,
  EndReason,
  EvaluateEvent,
  SelectionInfo,
  SourcesEvent,
  StageBytes,
  StepEvent,
  StepSeconds,
  TrainEvent,
  TrainResult,
} from "./train-events.ts";
export type {
  BatchSettings,
  LengthSettings,
  LoraOptions,
  RecordSettings,
  TrainOptions,
  TrainSettings,
} from "./train-options.ts";
export {
  type LossNormalization,
  type TrainingPass,
  type TrainingPassOptions,
  trainingPass,
} from "./training-pass.ts";
export { type TrainingSources, trainingSources } from "./training-sources.ts";
